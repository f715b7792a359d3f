from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import ArrayLike

from layerkit.contracts.dataset import Examples
from layerkit.engine.batches import BatchLoader
from layerkit.engine.chains import CAPACITY
from layerkit.engine.network import Network
from layerkit.errors import DataError
from layerkit.plan.network import plan_network
from tests.helpers.specs import small_plan, small_spec


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


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("scale", [1.0, 1 / 255])
@pytest.mark.parametrize("kind", ["u1", "i8", "f4", "f8", "f2", "?"])
def test_inputs_are_taken_as_the_data_have_them_and_scaled_as_in_training(
    dtype: str, scale: float, kind: str
) -> None:
    spec = small_spec(f"dtype={dtype}")
    plan = plan_network(spec, info=replace(spec.data.info(), scale=scale))
    network = Network(plan)
    raw = np.random.default_rng(0).integers(0, 256, (CAPACITY + 3, 2)).astype(kind)
    loader = BatchLoader(Examples(raw, np.zeros(len(raw), np.int64)), len(raw), plan.dtype, scale)
    scaled = loader.load(np.arange(len(raw))).inputs
    unscaled = Network(plan_network(spec))
    np.testing.assert_array_equal(network.outputs(raw), unscaled.outputs(scaled))
    np.testing.assert_array_equal(network.predict(raw), unscaled.predict(scaled))
    np.testing.assert_array_equal(network.predict(raw[:2].tolist()), network.predict(raw[:2]))


def test_predicting_leaves_the_inputs_as_they_are() -> None:
    spec = small_spec()
    network = Network(plan_network(spec, info=replace(spec.data.info(), scale=0.5)))
    x = np.ones((3, 2), np.float32)
    network.predict(x)
    np.testing.assert_array_equal(x, 1)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (np.zeros((4, 3)), "an array of shape (n, 2), found (4, 3)"),
        (np.zeros(2), "an array of shape (n, 2), found (2,); for a single example, pass x[None]"),
        (0.5, "an array of shape (n, 2), found ()"),
        (
            [[1.0, 2.0], [float("nan"), 3.0]],
            "finite numbers, found nan at index (1, 0); drop or replace it, or put "
            '{ type = "fill_missing" } before the other layers',
        ),
        (
            [["a", "b"]],
            "numbers, found text; convert it to numbers first, such as with x.astype(float)",
        ),
    ],
)
def test_inputs_that_cannot_be_predicted_are_refused(inputs: ArrayLike, message: str) -> None:
    network = Network(small_plan())
    for method in (network.predict, network.outputs):
        with pytest.raises(DataError, match=f"^inputs: expected {re.escape(message)}$"):
            method(inputs)


def test_an_overflow_in_a_layer_is_left_to_the_reader_without_a_warning() -> None:
    network = Network(small_plan())
    for path in ("dense_1.weight", "dense_2.weight"):
        network.parameters[path][:] = 3e38
    assert not np.isfinite(network.outputs(np.full((1, 2), 3e38, np.float32))).all()


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
