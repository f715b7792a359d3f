"""Work done side by side, by threads that stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

Worker = TypeVar("Worker")
Task = TypeVar("Task")
Done = TypeVar("Done")


class Crew(Generic[Worker]):
    """Workers that each take a task at the same time; the first works in the caller's thread.

    A crew of one starts no thread at all.

    Parameters
    ----------
    workers
        At least one; none is given two tasks at once.
    """

    def __init__(self, workers: Sequence[Worker]) -> None:
        self._workers = workers
        self._pool = ThreadPoolExecutor(len(workers) - 1) if len(workers) > 1 else None

    def __len__(self) -> int:
        return len(self._workers)

    def work(self, job: Callable[[Worker, Task], Done], tasks: Sequence[Task]) -> list[Done]:
        """Return ``job(worker, task)`` of every task, in order; at most one task a worker."""
        first, *others = zip(self._workers, tasks, strict=False)
        if self._pool is None:
            return [job(*first)]
        futures = [self._pool.submit(job, *each) for each in others]
        return [job(*first), *(future.result() for future in futures)]
