from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Array, Shape
from layerkit.builtin.r2 import R2Config
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_metric
from layerkit.testing.metric import check_metric


def r2_of(predictions: Array, targets: Array, weights: Array | None = None) -> float:
    values = VectorTarget(targets.shape[1:])
    metric = build_metric(R2Config(), prediction_shape=predictions.shape[1:], target=values)
    counts = np.ones(len(targets)) if weights is None else weights
    for row in range(len(targets)):
        one = slice(row, row + 1)
        metric.update(predictions[one], targets[one], counts[one])
    return metric.results()["r2"]


@pytest.mark.parametrize(
    ("output", "target"), [((3,), (3,)), ((1,), ()), ((4, 3), (4, 3)), ((1,), (1,))]
)
def test_keeps_the_contract_of_metrics(output: Shape, target: Shape) -> None:
    check_metric("r2", output_shape=output, target=VectorTarget(target))


def test_is_the_share_of_the_squares_around_the_mean_that_is_explained() -> None:
    targets = np.array([[3.0], [-0.5], [2.0], [7.0]])
    predictions = np.array([[2.5], [0.0], [2.0], [8.0]])
    assert r2_of(predictions, targets) == pytest.approx(1 - 1.5 / 29.1875)
    assert r2_of(targets, targets) == 1
    assert r2_of(np.full_like(targets, targets.mean()), targets) == pytest.approx(0)


def test_several_values_count_alike() -> None:
    targets = np.array([[0.0, 10.0], [2.0, 30.0]])
    predictions = np.array([[0.0, 10.0], [2.0, 10.0]])
    assert r2_of(predictions, targets) == pytest.approx((1 + 1 - 400 / 200) / 2)


def test_a_weight_of_two_counts_as_the_example_twice() -> None:
    targets, predictions = np.array([[1.0], [2.0], [4.0]]), np.array([[1.0], [3.0], [3.0]])
    twice = np.array([0, 1, 1, 2])
    assert r2_of(predictions, targets, np.array([1.0, 2.0, 1.0])) == pytest.approx(
        r2_of(predictions[twice], targets[twice])
    )


def test_a_large_mean_costs_no_digits() -> None:
    targets = np.array([[1e9], [1e9 + 1], [1e9 + 2]])
    predictions = np.array([[1e9], [1e9 + 1], [1e9 + 1]])
    assert r2_of(predictions, targets) == pytest.approx(0.5)


def test_targets_that_are_all_the_same_give_one_or_nothing() -> None:
    same = np.full((3, 1), 0.1)
    assert r2_of(same, same) == 1
    assert r2_of(same + 1, same) == 0


def test_refuses_classes() -> None:
    with pytest.raises(ShapeError, match="expects numbers as targets"):
        R2Config().check((3,), ClassTarget(3))
