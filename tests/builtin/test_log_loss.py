from __future__ import annotations

import math

import numpy as np
import pytest

from layerkit.builtin.log_loss import LogLossConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_metric
from layerkit.testing.metric import check_metric


@pytest.mark.parametrize("classes", [2, 3])
def test_keeps_the_contract_of_metrics(classes: int) -> None:
    check_metric(LogLossConfig(), output_shape=(classes,), target=ClassTarget(classes))
    target = ClassTarget(classes, shape=(4,))
    check_metric(LogLossConfig(), output_shape=(4, classes), target=target)


def figure(
    config: LogLossConfig, predictions: list[list[float]], labels: list[int], *weights: float
) -> float:
    """Return the figure, one example a batch."""
    classes = len(predictions[0])
    metric = build_metric(config, prediction_shape=(classes,), target=ClassTarget(classes))
    for row, label in enumerate(labels):
        weight = np.array([weights[row] if weights else 1.0])
        metric.update(np.array([predictions[row]]), np.array([label]), weight)
    (found,) = metric.results().values()
    return found


def test_is_the_weighted_mean_of_minus_log_of_the_probability_of_the_class() -> None:
    found = figure(LogLossConfig(), [[0.2, 0.5, 0.3], [0.9, 0.1, 0.0]], [1, 0], 3.0, 1.0)
    assert found == pytest.approx(-(3 * math.log(0.5) + math.log(0.9)) / 4)


def test_a_probability_of_zero_costs_a_finite_amount() -> None:
    found = figure(LogLossConfig(), [[1.0, 0.0]], [1])
    assert found == pytest.approx(-math.log(np.finfo(np.float64).eps))


def test_lower_is_better() -> None:
    assert LogLossConfig().figures(ClassTarget(2)) == {"log_loss": False}


def test_refuses_what_has_no_classes() -> None:
    with pytest.raises(ShapeError, match="log_loss expects class indices"):
        LogLossConfig().check((3,), VectorTarget((3,)))
