from __future__ import annotations

import pytest
from threadpoolctl import threadpool_info

from layerkit.engine.workers import threads_for
from layerkit.plan import threads as planning
from layerkit.plan.threads import EXAMPLES_PER_SHARD, PRODUCT_PER_THREAD, ThreadPlan
from tests.helpers.specs import small_plan

BATCH = 16
FEATURES = 512
"""Inputs of a network most of whose work is in products; with 2 it is in its activations."""


def blas_thread_counts() -> set[int | str]:
    return {info["num_threads"] for info in threadpool_info() if info["user_api"] == "blas"}


@pytest.fixture
def four_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "available_cores", lambda: 4)


def with_products(shares: float, *overrides: str) -> ThreadPlan:
    """Return the parallelism of a network whose largest product is so many threads' worth."""
    units = round(shares * PRODUCT_PER_THREAD / BATCH / FEATURES)
    wide = (f"data.features={FEATURES}", f"layers.0.units={units}")
    return small_plan(*wide, *overrides).threads


def with_activations(batch_size: int, *overrides: str) -> ThreadPlan:
    """Return the parallelism of a network that puts out many values for few multiplications."""
    units = 64 * PRODUCT_PER_THREAD // batch_size
    wide = (f"layers.0.units={units}", f"training.batch_size={batch_size}")
    return small_plan("data.train_per_class=60", *wide, *overrides).threads


@pytest.mark.usefixtures("four_cores")
@pytest.mark.parametrize(("shares", "threads"), [(0.1, 1), (1.5, 1), (2, 2), (3.1, 3), (9, 4)])
def test_products_get_as_many_threads_as_they_keep_busy(shares: float, threads: int) -> None:
    assert with_products(shares) == ThreadPlan(shards=1, blas_threads=threads)


@pytest.mark.usefixtures("four_cores")
def test_a_small_network_gets_one_thread() -> None:
    assert small_plan().threads == ThreadPlan(shards=1, blas_threads=1)


@pytest.mark.usefixtures("four_cores")
@pytest.mark.parametrize(("batch_size", "shards"), [(1, 1), (63, 1), (64, 2), (128, 4), (144, 4)])
def test_where_activations_are_most_of_the_work_the_batch_is_cut(
    batch_size: int, shards: int
) -> None:
    assert EXAMPLES_PER_SHARD == 32
    assert with_activations(batch_size) == ThreadPlan(shards=shards, blas_threads=1)


@pytest.mark.usefixtures("four_cores")
def test_a_full_batch_counts_every_training_example() -> None:
    assert with_activations(64, "training.batch_size=full").shards == 150 // EXAMPLES_PER_SHARD


def test_the_spec_can_decide() -> None:
    three = "training.threads=3"
    assert with_products(0.1, three) == ThreadPlan(shards=1, blas_threads=3)
    assert with_activations(16, three) == ThreadPlan(shards=3, blas_threads=1)


def test_no_shard_is_without_an_example() -> None:
    assert with_activations(2, "training.threads=3") == ThreadPlan(shards=2, blas_threads=1)


@pytest.mark.parametrize("count", [1, 2])
def test_blas_gets_its_threads_for_as_long_as_the_work_takes(count: int) -> None:
    before = blas_thread_counts()
    with threads_for(ThreadPlan(shards=1, blas_threads=count)) as workers:
        assert blas_thread_counts() == {count}
        assert len(workers) == 1
    assert blas_thread_counts() == before


def test_every_shard_gets_a_thread_of_the_crew() -> None:
    with threads_for(ThreadPlan(shards=3, blas_threads=1)) as workers:
        assert len(workers) == 3
        assert blas_thread_counts() == {1}
