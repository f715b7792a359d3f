from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.moments import Moments


def moments_of(x: Array, size: int, mask: Array | None = None) -> Moments:
    moments = Moments(x.shape[-1])
    for start in range(0, len(x), size):
        batch_mask = None if mask is None else mask[start : start + size]
        moments.add(x[start : start + size], batch_mask)
    return moments


@pytest.mark.parametrize("size", [1, 3, 4, 100])
def test_the_batches_do_not_matter(size: int) -> None:
    x = np.random.default_rng(1).normal(2, 3, (10, 4, 2))
    moments = moments_of(x, size)
    assert moments.count == 40
    np.testing.assert_allclose(moments.mean, x.mean(axis=(0, 1)), rtol=1e-14)
    np.testing.assert_allclose(
        moments.variance(unbiased=False), x.var(axis=(0, 1), ddof=0), rtol=1e-13
    )
    np.testing.assert_allclose(
        moments.variance(unbiased=True), x.var(axis=(0, 1), ddof=1), rtol=1e-13
    )


def test_a_large_mean_costs_no_digits() -> None:
    wobble = np.random.default_rng(1).integers(-4, 5, (1000, 1)).astype(np.float64)
    moments = moments_of(1e12 + wobble, 7)
    assert moments.mean[0] - 1e12 == pytest.approx(wobble.mean(), abs=2e-4)
    assert moments.variance(unbiased=False)[0] == pytest.approx(wobble.var(), rel=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_never_changes_has_its_own_value_as_mean_and_no_variance_at_all(
    dtype: type[np.float32 | np.float64],
) -> None:
    x = np.full((1000, 1), 0.1, dtype)
    moments = moments_of(x, 7)
    assert moments.mean.tolist() == [float(x[0, 0])]
    assert moments.variance(unbiased=False).tolist() == [0.0]


def test_float32_is_added_up_in_float64() -> None:
    x = np.random.default_rng(1).normal(100, 1, (5000, 1)).astype(np.float32)
    exact = x.astype(np.float64)
    moments = moments_of(x, 512)
    assert moments.mean[0] == pytest.approx(exact.mean(), rel=1e-14)
    assert moments.variance(unbiased=False)[0] == pytest.approx(exact.var(), rel=1e-12)


def test_steps_that_do_not_count_are_left_out() -> None:
    x = np.array([[[1.0], [99.0]], [[3.0], [8.0]], [[77.0], [77.0]]])
    mask = np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 0.0]])
    moments = moments_of(x, 2, mask)
    assert (moments.count, moments.mean.tolist()) == (3, [4.0])


def test_a_step_with_more_axes_counts_as_a_whole() -> None:
    x = np.arange(8.0).reshape(1, 2, 2, 2)
    moments = moments_of(x, 1, np.array([[0.0, 1.0]]))
    assert (moments.count, moments.mean.tolist()) == (2, [5.0, 6.0])


def test_of_nothing_everything_is_zero() -> None:
    moments = Moments(2)
    moments.add(np.zeros((0, 2)))
    assert (moments.count, moments.mean.tolist()) == (0, [0.0, 0.0])
    assert moments.variance(unbiased=True).tolist() == [0.0, 0.0]


def test_of_one_value_there_is_no_variance_to_tell() -> None:
    moments = moments_of(np.array([[3.0]]), 1)
    assert moments.mean.tolist() == [3.0]
    assert moments.variance(unbiased=True).tolist() == [0.0]


def test_a_batch_is_not_written() -> None:
    x = np.array([[1.0], [2.0]])
    moments_of(x, 2)
    assert x.tolist() == [[1.0], [2.0]]
