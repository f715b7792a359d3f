from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import FloatType
from layerkit.contracts.dataset import Examples
from layerkit.engine.batches import BatchLoader, in_batches, shuffled

FLOAT32: FloatType = np.dtype(np.float32)
FLOAT64: FloatType = np.dtype(np.float64)


@pytest.mark.parametrize("dtype", [FLOAT32, FLOAT64])
def test_bytes_are_scaled_in_the_networks_dtype(dtype: FloatType) -> None:
    inputs = np.arange(12, dtype=np.uint8).reshape(4, 3)
    loader = BatchLoader(Examples(inputs, np.arange(4)), 3, dtype, scale=1 / 255)
    batch = loader.load(np.array([2, 0]))
    assert batch.inputs.dtype == dtype
    np.testing.assert_allclose(batch.inputs, inputs[[2, 0]] / 255, rtol=1e-6)
    np.testing.assert_array_equal(batch.targets, [2, 0])
    assert batch.weights is None


def test_floats_of_the_right_dtype_are_copied_as_they_are() -> None:
    inputs = np.random.default_rng(0).normal(size=(5, 2))
    x = BatchLoader(Examples(inputs, np.arange(5)), 5, FLOAT64).load(np.array([4, 4, 1])).inputs
    np.testing.assert_array_equal(x, inputs[[4, 4, 1]])
    assert not np.shares_memory(x, inputs)


def test_whole_numbers_stay_whole_in_the_networks_dtype() -> None:
    ids = np.array([[0, 2**24], [7, 1]])
    batch = BatchLoader(Examples(ids, np.arange(2)), 2, FLOAT32).load(np.array([0, 1]))
    np.testing.assert_array_equal(batch.inputs.astype(np.int64), ids)


def test_every_example_brings_its_weight() -> None:
    inputs, weights = np.zeros((3, 1)), np.array([1.0, 2.0, 0.0])
    loader = BatchLoader(Examples(inputs, np.arange(3), weights=weights), 3, FLOAT32)
    found = loader.load(np.array([2, 1])).weights
    assert found is not None
    assert found.dtype == FLOAT32
    assert found.tolist() == [0.0, 2.0]


def test_every_epoch_has_an_order_of_its_own() -> None:
    rows = np.arange(50)
    orders = [shuffled(rows, seed, epoch) for seed, epoch in ((1, 1), (1, 2), (2, 1), (1, 1))]
    np.testing.assert_array_equal(orders[0], orders[3])
    assert not np.array_equal(orders[0], orders[1])
    assert not np.array_equal(orders[0], orders[2])
    np.testing.assert_array_equal(np.sort(orders[1]), rows)


def test_the_last_batch_has_what_is_left() -> None:
    assert [len(rows) for rows in in_batches(np.arange(10), 4)] == [4, 4, 2]
