from __future__ import annotations

import os
import subprocess
import sys
import threading
from functools import partial

import pytest

from layerkit.engine import cores
from layerkit.engine.cores import pinned_to_cores
from layerkit.engine.workers import WorkerPool, threads_for
from layerkit.plan.threads import ThreadPlan, available_cores

needs_cores = pytest.mark.skipif(
    sys.platform != "linux" or available_cores() < 2,
    reason="needs Linux and two cores to keep threads apart",
)


def cores_of(thread: int) -> set[int]:
    return os.sched_getaffinity(thread)


@needs_cores
def test_each_thread_has_cores_of_its_own() -> None:
    every = cores_of(0)
    with WorkerPool(2) as workers:
        (helper,) = workers.native_ids
        with pinned_to_cores(workers.native_ids, 2):
            mine, theirs = cores_of(threading.get_native_id()), cores_of(helper)
        assert not mine & theirs
        assert mine | theirs == every


@needs_cores
def test_everybody_may_go_everywhere_again_even_after_an_error() -> None:
    every = cores_of(0)
    with WorkerPool(2) as workers:
        (helper,) = workers.native_ids
        with pytest.raises(ZeroDivisionError), pinned_to_cores(workers.native_ids, 2):
            divmod(1, 0)
        assert cores_of(0) == cores_of(helper) == every


@needs_cores
def test_threads_of_blas_are_kept_apart_too() -> None:
    program = """
import os, threading
import numpy as np
from layerkit.engine.cores import pinned_to_cores
square = np.ones((512, 512))
square @ square
me = threading.get_native_id()
with pinned_to_cores((), 2):
    mine = os.sched_getaffinity(me)
    others = [os.sched_getaffinity(int(task)) for task in os.listdir("/proc/self/task")
              if int(task) != me]
    assert others, "BLAS has no threads here"
    assert not any(mine & other for other in others), (mine, others)
    late = threading.Thread(target=threading.Event().wait, daemon=True)
    late.start()
    assert os.sched_getaffinity(late.native_id) == mine
assert all(os.sched_getaffinity(int(task)) > mine for task in os.listdir("/proc/self/task"))
"""
    finished = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "2"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr


@needs_cores
@pytest.mark.parametrize("count", [1, available_cores() + 1])
def test_one_thread_or_more_threads_than_cores_are_left_alone(count: int) -> None:
    every = cores_of(0)
    with pinned_to_cores((), count):
        assert cores_of(0) == every


@needs_cores
def test_a_thread_that_is_gone_does_no_harm() -> None:
    with WorkerPool(2) as workers:
        gone = workers.native_ids
    every = cores_of(0)
    with pinned_to_cores(gone, 2):
        assert cores_of(0) < every


@needs_cores
def test_at_work_keeps_the_crew_apart() -> None:
    with threads_for(ThreadPlan(shards=2, blas_threads=1)) as workers:
        mine, theirs = workers.run([partial(cores_of, 0)] * 2)
    assert not mine & theirs


@needs_cores
def test_without_other_threads_nothing_is_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "_native_threads", list[int])
    every = cores_of(0)
    with pinned_to_cores((), 2):
        assert cores_of(0) == every


def test_there_is_at_least_one_core() -> None:
    assert available_cores() >= 1
