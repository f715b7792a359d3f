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
    """Pin each of some threads that work together to CPU cores of its own, within the context.

    Left alone, a scheduler may put the thread that waits for a product on the core of the one that
    it waits for, where neither makes progress until its time slice ends: milliseconds instead of
    microseconds. The cores are divided into groups: one for this thread, the others for the worker
    threads or the threads of BLAS. Which group this thread gets depends on the process id, so that
    several processes don't use the same core. Threads and processes that are started within the
    context inherit the cores of the thread that starts them; after it, all threads may run on every
    core again.

    Does nothing on systems other than Linux, with fewer cores than threads, or where no other
    threads have started yet.

    Parameters
    ----------
    workers
        Native ids of the Python threads that work with this one.
    count
        How many threads work at the same time.
    """
    others = _native_threads()
    if sys.platform != "linux" or count < 2 or max(len(workers), len(others)) < count - 1:
        yield
        return
    every = os.sched_getaffinity(0)
    if len(every) < count:
        yield
        return
    first = os.getpid() % count
    own, *groups = [
        set(sorted(every)[(first + number) % count :: count]) for number in range(count)
    ]
    _pin(threading.get_native_id(), own)
    for threads in (workers, others):
        for thread, cores in zip(threads, cycle(groups), strict=False):
            _pin(thread, cores)
    try:
        yield
    finally:
        for thread in _threads():
            if _cores(thread) in (own, *groups):
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


def _native_threads() -> list[int]:
    """Return the threads that Python did not start, those of BLAS among them."""
    python = {thread.native_id for thread in threading.enumerate()}
    return [thread for thread in _threads() if thread not in python]
