from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal, final

import numpy as np
import pytest

from layerkit.api import build
from layerkit.arrays import Array, Shape, Targets
from layerkit.contracts.dataset import Examples, Target
from layerkit.contracts.loss import Loss, LossConfig
from layerkit.contracts.output import LossPlan
from layerkit.engine.chains import CAPACITY
from layerkit.engine.data import load_data, whole
from layerkit.engine.network import Network
from layerkit.inference.evaluate import confusions, evaluate
from tests.helpers.specs import small_plan, small_spec
from tests.helpers.trained import POINTS, flowers_run, points


class FirstHalfConfig(LossConfig):
    """Squared errors of the first half of the outputs; predicts all of them."""

    type: Literal["first_half"] = "first_half"

    def plan(self, output: Shape, target: Target) -> LossPlan:
        return LossPlan(output)


@final
class FirstHalf(Loss[FirstHalfConfig]):
    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        errors = outputs[:, : targets.shape[1]] - targets
        return float(np.square(errors).mean(axis=1) @ weights)

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        raise NotImplementedError


def test_figures_of_classes_are_those_of_their_counts(tmp_path: Path) -> None:
    network = flowers_run(tmp_path)
    examples = load_data(network.plan).train
    predicted = network.predict(examples.inputs).argmax(axis=1)
    expected = np.zeros((3, 3))
    np.add.at(expected, (examples.targets.astype(np.int64), predicted), 1)
    found = evaluate(network, whole(examples))
    assert found.examples == len(examples)
    assert found.classes is not None
    assert found.classes.names == ("setosa", "versicolor", "virginica")
    np.testing.assert_array_equal(found.classes.confusion, expected)
    right, true, of_class = expected.diagonal(), expected.sum(axis=1), expected.sum(axis=0)
    np.testing.assert_array_equal(found.classes.support, true)
    precision, recall = right / of_class, right / true
    np.testing.assert_allclose(found.classes.precision, precision)
    np.testing.assert_allclose(found.classes.recall, recall)
    np.testing.assert_allclose(found.classes.f1, 2 * precision * recall / (precision + recall))
    assert found.figures.keys() == {"loss", "f1", "accuracy"}
    assert found.figures["accuracy"] == pytest.approx(right.sum() / len(examples))
    assert found.figures["f1"] == pytest.approx(found.classes.f1.mean())
    assert 0.3 < found.figures["accuracy"] <= 1


def test_a_class_that_is_nowhere_counts_0() -> None:
    network = Network(small_plan())
    examples = load_data(network.plan).train
    only = Examples(examples.inputs[examples.targets == 0], examples.targets[examples.targets == 0])
    found = evaluate(network, whole(only)).classes
    assert found is not None
    assert found.support.tolist() == [50, 0, 0]
    assert found.recall.tolist()[1:] == [0, 0]


def test_examples_count_by_their_weights() -> None:
    network = Network(small_plan("metrics=[]"))
    examples = load_data(network.plan).train
    weights = np.arange(len(examples), dtype=np.float64) % 3
    rows = np.repeat(np.arange(len(examples)), weights.astype(np.int64))
    repeated = Examples(examples.inputs[rows], examples.targets[rows])
    weighted = evaluate(network, whole(replace(examples, weights=weights)))
    counted = evaluate(network, whole(repeated))
    assert weighted.classes is not None
    assert counted.classes is not None
    np.testing.assert_array_equal(weighted.classes.confusion, counted.classes.confusion)
    assert weighted.figures["accuracy"] == pytest.approx(counted.figures["accuracy"])
    assert weighted.figures["loss"] == pytest.approx(counted.figures["loss"])


def test_the_specs_own_tables_stay_and_the_added_ones_go() -> None:
    network = Network(small_plan("metrics=['confusion_matrix']"))
    found = evaluate(network, whole(load_data(network.plan).train))
    assert [*found.tables] == ["confusion_matrix"]
    assert found.classes is not None
    np.testing.assert_array_equal(found.classes.confusion, found.tables["confusion_matrix"])


def test_figures_of_numbers_are_those_of_all_examples_at_once() -> None:
    x, y = points(3 * CAPACITY + 7)
    y = y + np.float32(1000)  # a mean far from 0 costs no digits
    y[:CAPACITY] += 50  # and batches may have means of their own
    network = build(small_spec("dtype=float64", text=POINTS), data=(x, y))
    found = evaluate(network, whole(Examples(x, y))).numbers
    errors = network.predict(x) - y
    assert found is not None
    assert found.names == ("0", "1")
    np.testing.assert_allclose(found.mean_absolute_error, np.abs(errors).mean(axis=0))
    squares = np.square(errors).mean(axis=0)
    np.testing.assert_allclose(found.root_mean_squared_error, np.sqrt(squares))
    np.testing.assert_allclose(found.r2, 1 - squares / y.astype(np.float64).var(axis=0))


def test_numbers_that_are_all_the_same_have_no_r2() -> None:
    x, y = points(20)
    y[:, 1] = 3
    network = build(small_spec(text=POINTS), data=(x, y))
    found = evaluate(network, whole(Examples(x, y))).numbers
    assert found is not None
    assert np.isnan(found.r2).tolist() == [False, True]


def test_every_label_has_its_figures() -> None:
    layers = 'layers=[{type = "dense", units = 4}]'
    data = 'data={type = "discs", train_examples = 100, test_examples = 100}'
    network = Network(small_plan(layers, data, "loss='binary_cross_entropy'", "metrics=[]"))
    examples = load_data(network.plan).train
    found = evaluate(network, whole(examples))
    predicted, true = network.predict(examples.inputs) >= 0.5, examples.targets >= 0.5
    right = (predicted & true).sum(axis=0)
    assert found.classes is not None
    assert found.classes.confusion is None
    assert found.classes.names == ("disc_1", "disc_2", "disc_3", "disc_4")
    np.testing.assert_array_equal(found.classes.support, true.sum(axis=0))
    np.testing.assert_allclose(found.classes.recall, right / np.maximum(true.sum(axis=0), 1))
    np.testing.assert_allclose(
        found.classes.precision, right / np.maximum(predicted.sum(axis=0), 1)
    )
    assert "accuracy" not in found.figures


def test_a_loss_whose_predictions_are_something_else_has_its_own_figures_alone() -> None:
    x, y = points(20)
    spec = small_spec("layers.2.units=4", text=POINTS)
    network = build(spec.model_copy(update={"loss": FirstHalfConfig()}), data=(x, y))
    found = evaluate(network, whole(Examples(x, y)))
    assert (found.classes, found.numbers) == (None, None)
    assert [*found.figures] == ["loss"]


def test_confusions_are_listed_the_most_frequent_first() -> None:
    counts = np.array([[5.0, 1, 0], [3, 9, 0], [0, 2, 7]])
    assert confusions(counts) == [(1, 0, 3), (2, 1, 2), (0, 1, 1)]
