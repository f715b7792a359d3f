from __future__ import annotations

import numpy as np
import pytest

from layerkit.builtin.balanced_accuracy import BalancedAccuracyConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_metric
from layerkit.testing.metric import check_metric


@pytest.mark.parametrize("classes", [2, 3])
def test_keeps_the_contract_of_metrics(classes: int) -> None:
    check_metric(BalancedAccuracyConfig(), output_shape=(classes,), target=ClassTarget(classes))
    target = ClassTarget(classes, shape=(4,))
    check_metric(BalancedAccuracyConfig(), output_shape=(4, classes), target=target)


def figure(
    config: BalancedAccuracyConfig,
    classes: int,
    true: list[int],
    predicted: list[int],
    *weights: float,
) -> float:
    """Return the figure of one-hot predictions, one example a batch."""
    metric = build_metric(config, prediction_shape=(classes,), target=ClassTarget(classes))
    for row, (label, guess) in enumerate(zip(true, predicted, strict=True)):
        weight = np.array([weights[row] if weights else 1.0])
        metric.update(np.eye(classes)[[guess]], np.array([label]), weight)
    (found,) = metric.results().values()
    return found


def test_is_the_mean_of_the_recalls_of_classes_that_there_are() -> None:
    found = figure(BalancedAccuracyConfig(), 3, [0, 0, 0, 0, 1], [0, 0, 0, 2, 0])
    assert found == (3 / 4 + 0) / 2


def test_examples_count_by_their_weights() -> None:
    found = figure(BalancedAccuracyConfig(), 2, [0, 0, 1], [0, 1, 1], 3.0, 1.0, 0.5)
    assert found == (3 / 4 + 1) / 2


def test_a_class_whose_examples_weigh_nothing_is_left_out() -> None:
    assert figure(BalancedAccuracyConfig(), 2, [0, 1], [0, 0], 1.0, 0.0) == 1


def test_refuses_what_has_no_classes() -> None:
    with pytest.raises(ShapeError, match="balanced_accuracy expects class indices"):
        BalancedAccuracyConfig().check((3,), VectorTarget((3,)))
