"""Averages over classes, which precision, recall and F1 have in common."""

from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.builtin.f1 import F1Config
from layerkit.builtin.precision import PrecisionConfig
from layerkit.builtin.recall import RecallConfig
from layerkit.contracts.class_metric import ClassCounts, ClassMetricConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_metric
from layerkit.testing.metric import check_metric

NAMES = ("cat", "dog", "cow", "yak")
LABELS = np.array([0, 0, 0, 1, 1, 3])
PREDICTED = np.array([0, 0, 1, 1, 0, 0])  # no cow is there; no yak is predicted
TARGET = ClassTarget(4, NAMES)
OF_CLASS = {
    "precision": {"cat": 2 / 4, "dog": 1 / 2, "cow": 0, "yak": 0},
    "recall": {"cat": 2 / 3, "dog": 1 / 2, "cow": 0, "yak": 0},
    "f1": {"cat": 4 / 7, "dog": 1 / 2, "cow": 0, "yak": 0},
}


def configs(average: str) -> list[ClassMetricConfig]:
    return [
        each.model_validate({"average": average})
        for each in (PrecisionConfig, RecallConfig, F1Config)
    ]


def results(config: ClassMetricConfig, weights: Array | None = None) -> dict[str, float]:
    metric = build_metric(config, prediction_shape=(4,), target=TARGET)
    for rows in (slice(0, 4), slice(4, 6)):
        labels = LABELS[rows]
        ones = np.ones(len(labels))
        metric.update(
            np.eye(4)[PREDICTED[rows]], labels, ones if weights is None else weights[rows]
        )
    return dict(metric.results())


@pytest.mark.parametrize("average", ["macro", "weighted", "micro", "per_class"])
@pytest.mark.parametrize("name", ["precision", "recall", "f1"])
def test_keep_the_contract_of_metrics(name: str, average: str) -> None:
    table = {"type": name, "average": average}
    check_metric(table, output_shape=(2,), target=ClassTarget(2))
    check_metric(table, output_shape=(4,), target=TARGET)
    check_metric(table, output_shape=(5, 3), target=ClassTarget(3, shape=(5,)))


def test_every_class_has_a_figure_by_its_name() -> None:
    for config in configs("per_class"):
        name = config.display_name
        expected = {f"{name}.{animal}": value for animal, value in OF_CLASS[name].items()}
        assert results(config) == pytest.approx(expected)
        assert list(config.figures(TARGET)) == list(expected)


def test_classes_without_names_go_by_their_index() -> None:
    config = PrecisionConfig(average="per_class", name="p")
    assert config.figures(ClassTarget(2)) == {"p.0": True, "p.1": True}


def test_macro_is_the_mean_over_all_classes_those_that_are_not_there_too() -> None:
    for config in configs("macro"):
        name = config.display_name
        assert results(config) == pytest.approx({name: sum(OF_CLASS[name].values()) / 4})


def test_weighted_is_the_mean_by_how_many_there_are() -> None:
    for config in configs("weighted"):
        name = config.display_name
        cat, dog, *_ = OF_CLASS[name].values()
        assert results(config) == pytest.approx({name: (3 * cat + 2 * dog) / 6})


def test_micro_is_the_accuracy() -> None:
    for config in configs("micro"):
        assert results(config) == pytest.approx({config.display_name: 3 / 6})


def test_examples_count_by_their_weights() -> None:
    weights = np.array([1.0, 0.5, 0.0, 2.0, 3.0, 1.0])
    found = results(PrecisionConfig(average="per_class"), weights)
    assert found["precision.cat"] == pytest.approx(1.5 / 5.5)
    assert found["precision.dog"] == 1
    found = results(RecallConfig(average="per_class"), weights)
    assert found["recall.dog"] == pytest.approx(2 / 5)


@pytest.mark.parametrize("average", ["macro", "weighted", "micro"])
def test_is_zero_before_any_batch(average: str) -> None:
    for config in configs(average):
        metric = build_metric(config, prediction_shape=(4,), target=TARGET)
        assert metric.results() == {config.display_name: 0.0}


def test_the_second_of_two_classes_is_the_positive_one() -> None:
    config = RecallConfig(average="per_class")
    metric = build_metric(config, prediction_shape=(2,), target=ClassTarget(2))
    p = np.array([0.4, 0.6, 0.5, 0.9])  # 0.5 is not more than 0.5
    metric.update(np.stack([1 - p, p], axis=1), np.array([1, 1, 1, 0]), np.ones(4))
    assert metric.results() == pytest.approx({"recall.0": 0, "recall.1": 1 / 3})


def test_counts_are_a_table_of_true_and_predicted_classes() -> None:
    counts = ClassCounts(3)
    counts.update(
        np.eye(3)[[[0, 2], [1, 1]]], np.array([[0, 0], [1, 2]]), np.array([[1, 2], [3, 4.0]])
    )
    np.testing.assert_array_equal(counts.table, [[1, 0, 2], [0, 3, 0], [0, 4, 0]])
    counts.reset()
    np.testing.assert_array_equal(counts.table, np.zeros((3, 3)))


def test_say_what_they_expect() -> None:
    for config in configs("per_class"):
        with pytest.raises(ShapeError, match=f"{config.display_name} expects class indices"):
            config.check((3,), VectorTarget((3,)))
        assert config.figures(VectorTarget((3,))) == {config.display_name: True}
