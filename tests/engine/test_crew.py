from __future__ import annotations

import threading

import pytest

from layerkit.engine.crew import Crew


@pytest.mark.parametrize("size", [1, 2, 5])
def test_results_come_in_the_order_of_tasks(size: int) -> None:
    crew = Crew(list(range(size)))
    tasks = [f"task {i}" for i in range(size)]
    assert crew.work(lambda worker, task: (worker, task), tasks) == list(enumerate(tasks))


def test_workers_work_at_the_same_time() -> None:
    meeting = threading.Barrier(3, timeout=30)
    Crew([0, 1, 2]).work(lambda _, __: meeting.wait(), ["a", "b", "c"])


def test_fewer_tasks_than_workers_leave_some_idle() -> None:
    assert Crew([1, 2, 3]).work(lambda worker, task: worker * task, [10, 10]) == [10, 20]


def test_a_crew_of_one_works_in_the_callers_thread() -> None:
    (found,) = Crew([None]).work(lambda _, __: threading.current_thread(), [None])
    assert found is threading.current_thread()


def test_an_error_of_any_worker_reaches_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        Crew([1, 0]).work(lambda worker, task: task / worker, [1, 1])
