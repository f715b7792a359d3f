"""Threads pinned to CPU cores of their own."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from itertools import cycle
from pathlib import Path

_TASKS = Path("/proc/self/task")


@contextmanager
def pinned_to_cores(workers: Sequence[int], count: int) -> Generator[None]:
    """Give each of some threads that work together cores of its own while the context lasts.

    Left alone, a scheduler may put the thread that waits for a product on the core of the one that
    it waits for, where both get nowhere until their time is up: milliseconds instead of
    microseconds. The cores are dealt out in groups: this thread has one, the worker threads or the
    threads of BLAS have the others. Which is whose depends on the process, so that several don't
    crowd one core. Threads and processes that are started meanwhile have the cores of the thread
    that starts them; once it is over, all threads may go everywhere again.

    Does nothing where the system has no such thing, with fewer cores than threads, or where no
    other threads are there yet.

    Parameters
    ----------
    workers
        Native ids of the Python threads that work with this one.
    count
        How many threads work at the same time.
    """
    others = _threads_of_others()
    if sys.platform != "linux" or count < 2 or max(len(workers), len(others)) < count - 1:
        yield
        return
    every = os.sched_getaffinity(0)
    if len(every) < count:
        yield
        return
    first = os.getpid() % count
    mine, *theirs = [
        set(sorted(every)[(first + number) % count :: count]) for number in range(count)
    ]
    _pin(threading.get_native_id(), mine)
    for threads in (workers, others):
        for thread, cores in zip(threads, cycle(theirs), strict=False):
            _pin(thread, cores)
    try:
        yield
    finally:
        for thread in _threads():
            if _cores(thread) in (mine, *theirs):
                _pin(thread, every)


def _pin(thread: int, cores: set[int]) -> None:
    """Let a thread run on these cores only; it may be gone by now."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.sched_setaffinity(thread, cores)


def _cores(thread: int) -> set[int]:
    """Return the cores that a thread may run on; none if it is gone."""
    if sys.platform == "linux":
        with suppress(OSError):
            return os.sched_getaffinity(thread)
    return set()


def _threads() -> list[int]:
    """Return all threads of the process, oldest first; none where the system doesn't tell."""
    try:
        return sorted(int(task.name) for task in _TASKS.iterdir())
    except OSError:
        return []


def _threads_of_others() -> list[int]:
    """Return the threads that Python did not start, those of BLAS among them."""
    own = {thread.native_id for thread in threading.enumerate()}
    return [thread for thread in _threads() if thread not in own]
