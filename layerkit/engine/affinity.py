"""Which cores threads may run on."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

_TASKS = Path("/proc/self/task")


def available_cores() -> int:
    """Return how many cores this thread may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # only some systems have it
        return os.cpu_count() or 1


@contextmanager
def kept_apart(crew: Sequence[int], count: int) -> Generator[None]:
    """Give each of some threads that work together cores of its own, for as long as it lasts.

    Left alone, a scheduler may put the thread that waits for a product on the core of the one that
    it waits for, where both get nowhere until their time is up: milliseconds instead of
    microseconds. The cores are dealt out in groups: this thread has the first, the threads of the
    crew and those of BLAS the others in turn. Does nothing where the system has no such thing, or
    fewer cores than threads.

    Parameters
    ----------
    crew
        What the system calls the Python threads that work with this one.
    count
        How many threads work at the same time.
    """
    if sys.platform != "linux" or count < 2 or available_cores() < count:
        yield
        return
    cores = sorted(os.sched_getaffinity(0))
    mine, *others = [set(cores[number::count]) for number in range(count)]
    placed = {threading.get_native_id(): mine}
    for helpers in (crew, _foreign_threads()):
        placed |= dict(zip(helpers, others, strict=False))
    before = _moved(placed)
    try:
        yield
    finally:
        _moved(before)


def _moved(placed: Mapping[int, set[int]]) -> dict[int, set[int]]:
    """Give threads their cores; return those that they had. A thread may be gone by now."""
    before: dict[int, set[int]] = {}
    for thread, cores in placed.items():
        with suppress(OSError):
            before[thread] = os.sched_getaffinity(thread)
            os.sched_setaffinity(thread, cores)
    return before


def _foreign_threads() -> list[int]:
    """Return the threads that Python did not start, oldest first: those of BLAS."""
    own = {thread.native_id for thread in threading.enumerate()}
    return sorted(int(task.name) for task in _TASKS.iterdir() if int(task.name) not in own)
