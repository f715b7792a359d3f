from __future__ import annotations

import numpy as np
import pytest

from layerkit.builtin.brier import BrierConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_metric
from layerkit.testing.metric import check_metric


@pytest.mark.parametrize("classes", [2, 3])
def test_keeps_the_contract_of_metrics(classes: int) -> None:
    check_metric(BrierConfig(), output_shape=(classes,), target=ClassTarget(classes))
    target = ClassTarget(classes, shape=(4,))
    check_metric(BrierConfig(), output_shape=(4, classes), target=target)


def figure(
    config: BrierConfig, predictions: list[list[float]], labels: list[int], *weights: float
) -> float:
    """Return the figure, one example a batch."""
    classes = len(predictions[0])
    metric = build_metric(config, prediction_shape=(classes,), target=ClassTarget(classes))
    for row, label in enumerate(labels):
        weight = np.array([weights[row] if weights else 1.0])
        metric.update(np.array([predictions[row]]), np.array([label]), weight)
    (found,) = metric.results().values()
    return found


def test_of_two_classes_it_is_the_square_of_what_one_is_off() -> None:
    found = figure(BrierConfig(), [[0.2, 0.8], [0.5, 0.5]], [1, 0], 3.0, 1.0)
    assert found == pytest.approx((3 * 0.2**2 + 0.5**2) / 4)


def test_of_more_classes_it_is_the_sum_of_all_squares() -> None:
    found = figure(BrierConfig(), [[0.2, 0.5, 0.3]], [1])
    assert found == pytest.approx(0.2**2 + 0.5**2 + 0.3**2)


def test_lower_is_better() -> None:
    assert BrierConfig().figures(ClassTarget(2)) == {"brier": False}


def test_refuses_what_has_no_classes() -> None:
    with pytest.raises(ShapeError, match="brier expects class indices"):
        BrierConfig().check((3,), VectorTarget((3,)))
