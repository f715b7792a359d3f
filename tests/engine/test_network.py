from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import ArrayLike

from layerkit.api import build
from layerkit.arrays import Array
from layerkit.contracts.dataset import Examples
from layerkit.engine.batches import BatchLoader
from layerkit.engine.chains import CAPACITY
from layerkit.engine.network import Network
from layerkit.errors import DataError, UsageError
from layerkit.plan.network import plan_network
from tests.helpers.specs import small_plan, small_spec
from tests.helpers.trained import POINTS, flowers, flowers_spec, points


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


def test_a_network_of_a_table_finds_columns_by_name(tmp_path: Path) -> None:
    network = build(flowers_spec(tmp_path, "dtype=float64"))
    records = flowers(5)
    columns = {name: [record[name] for record in records] for name in records[0]}
    sites = [[record["site"] == name for record in records] for name in ("north", "south")]
    encoded: Array = np.array([columns["length"], columns["width"], *sites], np.float64).T
    expected = network.predict(encoded)
    for table in (columns, records):
        np.testing.assert_array_equal(network.predict(table), expected)
        np.testing.assert_array_equal(network.outputs(table), network.outputs(encoded))
    assert network.predict({name: [] for name in columns}).shape == (0, 3)


def test_a_column_that_inputs_lack_is_named(tmp_path: Path) -> None:
    network = build(flowers_spec(tmp_path))
    with pytest.raises(DataError, match=r'inputs: expected column "length", .* mean \'lenght\'\?'):
        network.predict({"lenght": [1.0], "width": [1.0], "site": ["north"]})
    with pytest.raises(DataError, match=r'row 1 column "site": expected one of north, south'):
        network.predict({"length": [1, 2], "width": [1, 2], "site": ["north", "east"]})


def test_classes_are_predicted_by_name_or_index(tmp_path: Path) -> None:
    named, plain = build(flowers_spec(tmp_path)), Network(small_plan())
    x = np.random.default_rng(0).normal(size=(6, 4))
    indices: list[int] = named.predict(x).argmax(axis=1).tolist()
    expected = [named.class_names[index] for index in indices]
    assert named.predict_classes(x).tolist() == expected
    found = plain.predict_classes(x[:, :2])
    assert found.dtype == np.int64
    np.testing.assert_array_equal(found, plain.predict(x[:, :2]).argmax(axis=1))


def test_a_network_of_numbers_predicts_no_classes() -> None:
    network = build(small_spec(text=POINTS), data=points())
    with pytest.raises(UsageError, match=r"found one that predicts numbers; use predict\(x\)"):
        network.predict_classes(np.zeros((1, 3)))
