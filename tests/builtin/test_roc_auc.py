from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Array, Labels
from layerkit.builtin.roc_auc import RocAucConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_metric
from layerkit.testing.metric import check_metric


def area(predictions: Array, labels: Labels, weights: Array | None = None) -> float:
    classes = predictions.shape[-1]
    metric = build_metric(RocAucConfig(), prediction_shape=(classes,), target=ClassTarget(classes))
    for row in range(len(labels)):
        one = slice(row, row + 1)
        metric.update(
            predictions[one], labels[one], np.ones(1) if weights is None else weights[one]
        )
    return metric.results()["roc_auc"]


def of_two(scores: list[float]) -> Array:
    p = np.array(scores)
    return np.stack([1 - p, p], axis=1)


@pytest.mark.parametrize("classes", [2, 3])
def test_keeps_the_contract_of_metrics(classes: int) -> None:
    check_metric("roc_auc", output_shape=(classes,), target=ClassTarget(classes))
    target = ClassTarget(classes, shape=(4,))
    check_metric("roc_auc", output_shape=(4, classes), target=target)


def test_is_the_fraction_of_pairs_in_the_right_order() -> None:
    found = area(of_two([0.1, 0.4, 0.35, 0.8]), np.array([0, 0, 1, 1]))
    assert found == 3 / 4


def test_a_tie_is_half_a_pair() -> None:
    assert area(of_two([0.5, 0.5, 0.5]), np.array([0, 1, 1])) == 1 / 2
    assert area(of_two([0.2, 0.5, 0.5, 0.9]), np.array([0, 0, 1, 1])) == (1 + 1 + 0.5 + 1) / 4


def test_pairs_count_by_the_weights_of_both() -> None:
    weights = np.array([1.0, 3.0, 2.0, 0.5])
    found = area(of_two([0.1, 0.4, 0.35, 0.8]), np.array([0, 0, 1, 1]), weights)
    assert found == pytest.approx((1 * 2 + 1 * 0.5 + 3 * 0.5) / (4 * 2.5))


def test_more_classes_have_the_mean_of_one_against_the_others() -> None:
    p = np.array([[0.5, 0.2, 0.3], [0.1, 0.6, 0.3], [0.3, 0.5, 0.2], [0.6, 0.1, 0.3]])
    labels = np.array([0, 1, 2, 1])
    first, second, third = 2 / 3, (1 + 1 + 0 + 0) / 4, 0
    assert area(p, labels) == pytest.approx((first + second + third) / 3)


def test_a_class_without_examples_is_left_out_of_the_mean() -> None:
    p = np.array([[0.5, 0.2, 0.3], [0.1, 0.6, 0.3], [0.6, 0.1, 0.3]])
    assert area(p, np.array([0, 1, 1])) == pytest.approx((1 / 2 + 1 / 2) / 2)


@pytest.mark.parametrize("labels", [[1, 1, 1], [0, 0, 0]])
def test_is_one_half_where_there_is_nothing_to_compare(labels: list[int]) -> None:
    assert area(of_two([0.1, 0.2, 0.3]), np.array(labels)) == 0.5
    assert area(of_two([]), np.array([], np.int64)) == 0.5


def test_refuses_what_has_no_classes() -> None:
    with pytest.raises(ShapeError, match="roc_auc expects class indices"):
        RocAucConfig().check((3,), VectorTarget((3,)))
