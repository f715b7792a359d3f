from __future__ import annotations

import threading
from functools import partial

import pytest

from layerkit.engine.workers import WorkerPool


def thread_of_this() -> threading.Thread:
    return threading.current_thread()


@pytest.mark.parametrize("size", [1, 2, 5])
@pytest.mark.parametrize("jobs", [1, 2, 7])
def test_results_come_in_the_order_of_jobs(size: int, jobs: int) -> None:
    with WorkerPool(size) as workers:
        assert workers.run([partial(divmod, i, 2) for i in range(jobs)]) == [
            divmod(i, 2) for i in range(jobs)
        ]


def test_jobs_are_done_at_the_same_time() -> None:
    meeting = threading.Barrier(3, timeout=30)
    with WorkerPool(3) as workers:
        workers.run([meeting.wait] * 3)


def test_there_are_never_more_threads_than_the_crew_has() -> None:
    with WorkerPool(2) as workers:
        assert len({*workers.run([thread_of_this] * 6)}) == 2


def test_the_first_job_is_done_in_the_callers_thread() -> None:
    for size in (1, 2):
        with WorkerPool(size) as workers:
            assert workers.run([thread_of_this])[0] is threading.current_thread()


def test_a_crew_of_one_starts_no_thread() -> None:
    before = threading.active_count()
    with WorkerPool() as workers:
        assert threading.active_count() == before
        assert workers.native_ids == ()


def test_threads_end_with_the_block() -> None:
    before = threading.active_count()
    with WorkerPool(3) as workers:
        assert threading.active_count() == before + 2
        assert len({*workers.native_ids}) == 2
    assert threading.active_count() == before


@pytest.mark.parametrize("faulty", [0, 1, 2])
def test_an_error_of_any_job_reaches_the_caller(faulty: int) -> None:
    with WorkerPool(3) as workers:
        with pytest.raises(ZeroDivisionError):
            workers.run([partial(divmod, 1, int(i != faulty)) for i in range(3)])
        assert workers.run([partial(divmod, 7, 2)] * 3) == [(3, 1)] * 3


def test_an_error_of_the_caller_waits_for_the_others() -> None:
    done: list[bool] = []
    leave = threading.Event()

    def fail() -> None:
        threading.Timer(0.05, leave.set).start()
        raise KeyboardInterrupt

    def take_time() -> None:
        leave.wait(30)
        done.append(True)

    with WorkerPool(2) as workers:
        with pytest.raises(KeyboardInterrupt):
            workers.run([fail, take_time])
        assert done == [True]
