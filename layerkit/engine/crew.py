"""Work done side by side, by threads that stay."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from queue import SimpleQueue
from typing import Self, TypeVar

Done = TypeVar("Done")


class Crew:
    """Threads that each do a job at the same time; the caller's own is the first of them.

    A crew of one starts no thread at all. A larger one is for a ``with`` block: at its end every
    job that was begun is done, whatever happened to the caller, and the other threads are gone.

    Parameters
    ----------
    size
        How many threads, at least 1.
    """

    def __init__(self, size: int = 1) -> None:
        self._helpers = [_Helper() for _ in range(size - 1)]

    def __len__(self) -> int:
        return 1 + len(self._helpers)

    @property
    def native_ids(self) -> tuple[int, ...]:
        """What the system calls the threads beside the caller's."""
        return tuple(helper.native_id for helper in self._helpers if helper.native_id is not None)

    def work(self, jobs: Sequence[Callable[[], Done]]) -> list[Done]:
        """Return what every job returns, in order; where there are too few threads, some wait."""
        if not self._helpers:
            return [job() for job in jobs]
        done: dict[int, Done] = {}

        def do(number: int) -> None:
            done[number] = jobs[number]()

        for first in range(0, len(jobs), len(self)):
            begun: list[_Helper] = []
            try:
                for number, helper in zip(range(first + 1, len(jobs)), self._helpers, strict=False):
                    helper.begin(partial(do, number))
                    begun.append(helper)
                do(first)
            finally:
                errors = [error for helper in begun if (error := helper.wait()) is not None]
            for error in errors:
                raise error
        return [done[number] for number in range(len(jobs))]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        """Let jobs that were begun end, and the threads with them."""
        for helper in self._helpers:
            helper.end()
        for helper in self._helpers:
            helper.join()


class _Helper(threading.Thread):
    """A thread that does one job after another."""

    def __init__(self) -> None:
        super().__init__(name="layerkit-crew", daemon=True)
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._errors: SimpleQueue[BaseException | None] = SimpleQueue()
        self.start()

    def run(self) -> None:
        """Do jobs until there are no more."""
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except BaseException as error:  # noqa: BLE001  # the caller gets it, whatever it is
                self._errors.put(error)
            else:
                self._errors.put(None)

    def begin(self, job: Callable[[], None]) -> None:
        """Have a job done."""
        self._jobs.put(job)

    def wait(self) -> BaseException | None:
        """Wait until the job is done, and return what it raised."""
        return self._errors.get()

    def end(self) -> None:
        """Have the thread end once everything is done."""
        self._jobs.put(None)
