"""Threads that work in parallel, with their CPU cores and BLAS threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Self, TypeVar

from threadpoolctl import threadpool_limits

from layerkit.engine.cores import pinned_to_cores
from layerkit.plan.threads import ThreadPlan

ResultT = TypeVar("ResultT")


class WorkerPool:
    """Threads that each do a job at the same time; the caller's own is the first of them.

    A pool of one starts no thread at all. A larger one is for a ``with`` block: at its end every
    job that was begun is done, whatever happened to the caller, and the other threads are gone.

    Parameters
    ----------
    size
        How many threads, at least 1.
    """

    def __init__(self, size: int = 1) -> None:
        self._size = size
        self._executor = ThreadPoolExecutor(size - 1, "layerkit-worker") if size > 1 else None
        started = threading.Barrier(size)
        ids: list[int] = []

        def start() -> None:
            ids.append(threading.get_native_id())
            started.wait()  # so that no thread takes two of these, and all are there

        if self._executor is not None:
            for _ in range(size - 1):
                self._executor.submit(start)
            started.wait()
        self.native_ids: tuple[int, ...] = tuple(ids)

    def __len__(self) -> int:
        return self._size

    def run(self, jobs: Sequence[Callable[[], ResultT]]) -> list[ResultT]:
        """Return what every job returns, in order; where there are too few threads, some wait."""
        if self._executor is None:
            return [job() for job in jobs]
        results: list[ResultT] = []
        for first in range(0, len(jobs), self._size):
            mine, *others = jobs[first : first + self._size]
            futures = [self._executor.submit(job) for job in others]
            try:
                results.append(mine())
            finally:
                wait(futures)
            results += [future.result() for future in futures]
        return results

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        """Let jobs that were begun end, and the threads with them."""
        if self._executor is not None:
            self._executor.shutdown()


@contextmanager
def threads_for(threads: ThreadPlan) -> Generator[WorkerPool]:
    """Start the threads of a plan: limit those of BLAS, give each thread a core of its own."""
    with (
        threadpool_limits(threads.blas_threads, "blas"),
        WorkerPool(threads.shards) as workers,
        pinned_to_cores(workers.native_ids, threads.total),
    ):
        yield workers
