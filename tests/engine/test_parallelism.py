from __future__ import annotations

import pytest
from threadpoolctl import threadpool_info

from layerkit.engine.parallelism import (
    LARGE_PRODUCT,
    LEAST_SHARE,
    Parallelism,
    available_cores,
    blas_threads,
    largest_product,
    parallelism_of,
)

from .specs import small_plan


def blas_thread_counts() -> list[int | str]:
    return [info["num_threads"] for info in threadpool_info() if info["user_api"] == "blas"]


def test_the_largest_product_is_that_of_the_widest_layer() -> None:
    assert largest_product(small_plan("layers.0.units=100")) == 16 * 100 * 3


def test_a_full_batch_counts_every_training_example() -> None:
    assert largest_product(small_plan("training.batch_size=full")) == 120 * 3 * 8


def test_a_small_network_gets_one_thread() -> None:
    assert parallelism_of(small_plan()) == Parallelism(shards=1, products=1)


def large(batch_size: int) -> Parallelism:
    units = f"layers.0.units={LARGE_PRODUCT // batch_size // 3 + 1}"
    return parallelism_of(small_plan(units, f"training.batch_size={batch_size}"))


def test_a_large_network_gets_every_core() -> None:
    batch_size = LEAST_SHARE * min(available_cores(), 3)
    assert large(batch_size) == Parallelism(shards=min(available_cores(), 3), products=1)


def test_no_shard_is_left_with_few_examples() -> None:
    assert large(2 * LEAST_SHARE - 1) == Parallelism(shards=1, products=1)


def test_the_spec_can_decide() -> None:
    assert parallelism_of(small_plan("training.threads=3")) == Parallelism(shards=3, products=1)


@pytest.mark.parametrize("count", [1, 2])
def test_blas_gets_that_many_threads_for_as_long_as_it_takes(count: int) -> None:
    before = blas_thread_counts()
    with blas_threads(count):
        assert set(blas_thread_counts()) == {count}
    assert blas_thread_counts() == before
