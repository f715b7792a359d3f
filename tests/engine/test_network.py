from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from layerkit.engine.network import CAPACITY, Network
from layerkit.errors import DataError
from tests.helpers.specs import small_plan


def test_predictions_are_probabilities() -> None:
    x = np.random.default_rng(0).normal(size=(7, 2)).astype(np.float32)
    predicted = Network(small_plan()).predict(x)
    assert predicted.shape == (7, 3)
    np.testing.assert_allclose(predicted.sum(axis=1), 1, rtol=1e-6)


def test_predictions_are_the_softmax_of_the_outputs() -> None:
    x = np.random.default_rng(0).normal(size=(7, 2))
    network = Network(small_plan("dtype=float64"))
    exponents = np.exp(network.outputs(x))
    np.testing.assert_allclose(
        network.predict(x), exponents / exponents.sum(axis=1, keepdims=True), rtol=1e-12
    )


def test_many_examples_are_predicted_as_a_few_are() -> None:
    x = np.random.default_rng(0).normal(size=(2 * CAPACITY + 3, 2))
    network = Network(small_plan("dtype=float64"))
    some = [0, CAPACITY, 2 * CAPACITY + 2]
    np.testing.assert_allclose(network.predict(x)[some], network.predict(x[some]), rtol=1e-12)


def test_no_examples_give_no_predictions() -> None:
    assert Network(small_plan()).predict(np.zeros((0, 2), np.float32)).shape == (0, 3)


def test_inputs_of_another_shape_are_refused() -> None:
    with pytest.raises(DataError, match=r"expected inputs of shape \(n, 2\), found \(4, 3\)"):
        Network(small_plan()).predict(np.zeros((4, 3)))


def test_bytes_that_are_not_scaled_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "raw.npy", np.zeros((4, 2), np.uint8))
    raw = np.load(tmp_path / "raw.npy")
    with pytest.raises(DataError, match=r"found uint8; scale them as in training"):
        Network(small_plan()).predict(raw)


def test_parameters_can_be_read_and_written_by_path() -> None:
    network = Network(small_plan())
    network.parameters["dense_2.bias"][:] = 5
    network.parameters["dense_2.weight"][:] = 0
    np.testing.assert_array_equal(network.outputs(np.ones((1, 2), np.float32)), [[5, 5, 5]])


def test_threads_predict_at_once_without_disturbing_each_other() -> None:
    network = Network(small_plan("dtype=float64", "layers.0.units=64"))
    batches = [np.random.default_rng(seed).normal(size=(50, 2)) for seed in range(8)]
    alone = [network.predict(batch) for batch in batches]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(20):
            for expected, found in zip(alone, pool.map(network.predict, batches), strict=True):
                np.testing.assert_array_equal(found, expected)
