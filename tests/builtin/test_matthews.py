from __future__ import annotations

import numpy as np
import pytest

from layerkit.builtin.matthews import MatthewsConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_metric
from layerkit.testing.metric import check_metric


@pytest.mark.parametrize("classes", [2, 3])
def test_keeps_the_contract_of_metrics(classes: int) -> None:
    check_metric(MatthewsConfig(), output_shape=(classes,), target=ClassTarget(classes))
    target = ClassTarget(classes, shape=(4,))
    check_metric(MatthewsConfig(), output_shape=(4, classes), target=target)


def figure(
    config: MatthewsConfig, classes: int, true: list[int], predicted: list[int], *weights: float
) -> float:
    """Return the figure of one-hot predictions, one example a batch."""
    metric = build_metric(config, prediction_shape=(classes,), target=ClassTarget(classes))
    for row, (label, guess) in enumerate(zip(true, predicted, strict=True)):
        weight = np.array([weights[row] if weights else 1.0])
        metric.update(np.eye(classes)[[guess]], np.array([label]), weight)
    (found,) = metric.results().values()
    return found


def test_of_two_classes_it_is_the_correlation() -> None:
    true, predicted = [1, 1, 1, 0, 0, 0, 0, 1], [1, 1, 0, 0, 0, 1, 0, 1]
    found = figure(MatthewsConfig(), 2, true, predicted)
    assert found == pytest.approx(float(np.corrcoef(true, predicted)[0, 1]), rel=1e-14)


def test_is_one_where_all_is_right_and_minus_one_where_all_is_wrong() -> None:
    assert figure(MatthewsConfig(), 2, [0, 1, 1], [0, 1, 1]) == pytest.approx(1)
    assert figure(MatthewsConfig(), 2, [0, 1, 1], [1, 0, 0]) == pytest.approx(-1)


@pytest.mark.parametrize("predicted", [[1, 1, 1], [0, 2, 1]])
def test_is_zero_where_all_examples_are_of_one_class_or_predicted_as_one(
    predicted: list[int],
) -> None:
    assert figure(MatthewsConfig(), 3, [1, 1, 1], predicted, 0.1, 0.2, 0.7) == 0
    assert figure(MatthewsConfig(), 3, predicted, [1, 1, 1], 0.1, 0.2, 0.7) == 0


def test_refuses_what_has_no_classes() -> None:
    with pytest.raises(ShapeError, match="matthews expects class indices"):
        MatthewsConfig().check((3,), VectorTarget((3,)))
