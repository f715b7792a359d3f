from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.builtin.average_precision import AveragePrecisionConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_metric
from layerkit.testing.metric import check_metric


@pytest.mark.parametrize("classes", [2, 3])
def test_keeps_the_contract_of_metrics(classes: int) -> None:
    check_metric(AveragePrecisionConfig(), output_shape=(classes,), target=ClassTarget(classes))
    target = ClassTarget(classes, shape=(4,))
    check_metric(AveragePrecisionConfig(), output_shape=(4, classes), target=target)


def average_precision(predictions: Array, labels: list[int], *weights: float) -> float:
    classes = predictions.shape[-1]
    target = ClassTarget(classes)
    metric = build_metric(AveragePrecisionConfig(), prediction_shape=(classes,), target=target)
    for row, label in enumerate(labels):
        weight = np.array([weights[row] if weights else 1.0])
        metric.update(predictions[[row]], np.array([label]), weight)
    return metric.results()["average_precision"]


def of_two(*scores: float) -> Array:
    p = np.array(scores)
    return np.stack([1 - p, p], axis=1)


def test_is_the_mean_of_the_precisions_at_every_example_of_the_class() -> None:
    found = average_precision(of_two(0.1, 0.4, 0.35, 0.8), [0, 0, 1, 1])
    assert found == pytest.approx((1 / 1 + 2 / 3) / 2)


def test_equal_predictions_are_one_threshold() -> None:
    assert average_precision(of_two(0.5, 0.5, 0.5), [0, 1, 1]) == pytest.approx(2 / 3)


def test_examples_count_by_their_weights() -> None:
    found = average_precision(of_two(0.1, 0.4, 0.35, 0.8), [0, 0, 1, 1], 1.0, 3.0, 2.0, 0.5)
    assert found == pytest.approx((0.5 * 1 + 2 * 2.5 / 5.5) / 2.5)


def test_more_classes_have_the_mean_of_those_that_have_examples() -> None:
    p = np.array([[0.5, 0.2, 0.3], [0.1, 0.6, 0.3], [0.6, 0.1, 0.3]])
    assert average_precision(p, [0, 1, 1]) == pytest.approx((1 / 2 + (1 + 2 / 3) / 2) / 2)


def test_is_zero_where_no_class_has_examples() -> None:
    assert average_precision(of_two(0.1, 0.2), [0, 0]) == 0
    assert average_precision(of_two(), []) == 0


def test_says_how_much_it_keeps() -> None:
    config = AveragePrecisionConfig()
    assert config.kept((2,), ClassTarget(2)) == 1 + 2
    assert config.kept((5, 3), ClassTarget(3, shape=(5,))) == 5 * (3 + 2)


def test_refuses_what_has_no_classes() -> None:
    with pytest.raises(ShapeError, match="average_precision expects class indices"):
        AveragePrecisionConfig().check((3,), VectorTarget((3,)))
