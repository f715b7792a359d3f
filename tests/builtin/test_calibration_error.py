from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.calibration_error import CalibrationErrorConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_metric
from layerkit.testing.metric import check_metric


@pytest.mark.parametrize("classes", [2, 3])
def test_keeps_the_contract_of_metrics(classes: int) -> None:
    check_metric(CalibrationErrorConfig(), output_shape=(classes,), target=ClassTarget(classes))
    target = ClassTarget(classes, shape=(4,))
    check_metric(CalibrationErrorConfig(), output_shape=(4, classes), target=target)


def figure(
    config: CalibrationErrorConfig,
    predictions: list[list[float]],
    labels: list[int],
    *weights: float,
) -> float:
    """Return the figure, one example a batch."""
    classes = len(predictions[0])
    metric = build_metric(config, prediction_shape=(classes,), target=ClassTarget(classes))
    for row, label in enumerate(labels):
        weight = np.array([weights[row] if weights else 1.0])
        metric.update(np.array([predictions[row]]), np.array([label]), weight)
    (found,) = metric.results().values()
    return found


def test_is_the_mean_over_bins_of_accuracy_less_confidence() -> None:
    # Bins of two: up to 0.5, and above. Of the three above, two are right, 0.8 sure on average.
    p = [[0.3, 0.7], [0.1, 0.9], [0.8, 0.2], [0.5, 0.5]]
    found = figure(CalibrationErrorConfig(bins=2), p, [1, 1, 1, 0])
    assert found == pytest.approx(3 / 4 * (0.8 - 2 / 3) + 1 / 4 * (1 - 0.5))


def test_examples_count_by_their_weights() -> None:
    p = [[0.3, 0.7], [0.1, 0.9]]
    found = figure(CalibrationErrorConfig(bins=1), p, [1, 0], 3.0, 1.0)
    assert found == pytest.approx(abs(3 / 4 - (3 * 0.7 + 0.9) / 4))


def test_certainty_is_in_the_last_bin_and_a_boundary_in_the_one_below() -> None:
    config = CalibrationErrorConfig(bins=4)
    # In one bin the gaps of 0.25 would add up to 0.
    assert figure(config, [[0.75, 0.25], [1.0, 0.0]], [0, 0]) == pytest.approx(0.25 / 2)
    assert figure(config, [[0.75, 0.25], [0.5, 0.5]], [1, 0]) == pytest.approx((0.75 + 0.5) / 2)


def test_refuses_no_bins() -> None:
    with pytest.raises(ValidationError):
        CalibrationErrorConfig(bins=0)


def test_refuses_what_has_no_classes() -> None:
    with pytest.raises(ShapeError, match="expected_calibration_error expects class indices"):
        CalibrationErrorConfig().check((3,), VectorTarget((3,)))
