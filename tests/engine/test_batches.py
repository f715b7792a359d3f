from __future__ import annotations

import os
import threading
from pathlib import Path

import numpy as np
import pytest

from layerkit.arrays import FloatType
from layerkit.builtin.npy import Npy, NpyConfig
from layerkit.contracts.dataset import Examples
from layerkit.engine.batches import BatchLoader, in_batches, shuffled
from layerkit.errors import DataError

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


def mapped(directory: Path, dtype: str, targets: str) -> Examples:
    """Return 60 examples whose rows stay in files."""
    x, y = directory / "x.npy", directory / "y.npy"
    np.save(x, np.arange(180).reshape(60, 3).astype(dtype))
    np.save(y, np.arange(60).astype(targets) % 7)
    classes = 7 if targets == "i8" else None
    return Npy(NpyConfig(train_inputs=x, train_targets=y, classes=classes)).load().train


def readers() -> int:
    return sum(thread.name.startswith("layerkit-reader") for thread in threading.enumerate())


@pytest.mark.parametrize("dtype", ["u1", "<f4", ">f4", "<f8", "<i2"])
@pytest.mark.parametrize("targets", ["i8", "<f4", ">f8"])
def test_rows_that_a_thread_reads_ahead_are_those_of_memory_in_the_same_order(
    tmp_path: Path, dtype: str, targets: str
) -> None:
    examples = mapped(tmp_path, dtype, targets)
    in_memory = Examples(examples.inputs.copy(), examples.targets.copy())
    rows = shuffled(np.arange(60), 1, 1)
    ahead, plain = (
        BatchLoader(each, 7, FLOAT32, scale=0.5).batches(in_batches(rows, 7))
        for each in (examples, in_memory)
    )
    count = 0
    for found, expected in zip(ahead, plain, strict=True):
        assert readers() == 1
        assert (found.inputs.dtype, found.targets.dtype) == (FLOAT32, expected.targets.dtype)
        np.testing.assert_array_equal(found.inputs, expected.inputs)
        np.testing.assert_array_equal(found.targets, expected.targets)
        count += 1
    assert count == 9
    assert readers() == 0


def test_rows_in_memory_are_read_by_no_thread() -> None:
    loader = BatchLoader(Examples(np.zeros((9, 1)), np.arange(9)), 4, FLOAT64)
    found = []
    for batch in loader.batches(in_batches(np.arange(9), 4)):
        assert readers() == 0
        found += batch.targets.tolist()
    assert found == [*range(9)]


def test_who_stops_early_leaves_no_thread(tmp_path: Path) -> None:
    loader = BatchLoader(mapped(tmp_path, "u1", "i8"), 7, FLOAT32)
    for _ in loader.batches(in_batches(np.arange(60), 7)):
        assert readers() == 1
        break
    assert readers() == 0


def test_what_the_thread_cannot_read_is_an_error_of_its_batch(tmp_path: Path) -> None:
    batches = BatchLoader(mapped(tmp_path, "u1", "i8"), 7, FLOAT32).batches(
        in_batches(np.arange(60), 7)
    )
    next(batches)
    os.truncate(tmp_path / "x.npy", 200)
    with pytest.raises(DataError, match=r"x\.npy: expected a file that stays as it is"):
        list(batches)
    assert readers() == 0
