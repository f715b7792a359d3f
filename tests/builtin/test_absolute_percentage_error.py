from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Shape
from layerkit.builtin.absolute_percentage_error import AbsolutePercentageErrorConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_metric
from layerkit.testing.metric import check_metric


@pytest.mark.parametrize(
    ("output", "target"), [((3,), (3,)), ((1,), ()), ((4, 3), (4, 3)), ((1,), (1,))]
)
def test_keeps_the_contract_of_metrics(output: Shape, target: Shape) -> None:
    check_metric("mean_absolute_percentage_error", output_shape=output, target=VectorTarget(target))


def figure(predictions: list[list[float]], targets: list[list[float]], *weights: float) -> float:
    """Return the figure, one example a batch."""
    k = len(predictions[0])
    metric = build_metric(
        AbsolutePercentageErrorConfig(), prediction_shape=(k,), target=VectorTarget((k,))
    )
    for row, target in enumerate(targets):
        weight = np.array([weights[row] if weights else 1.0])
        metric.update(np.array([predictions[row]]), np.array([target]), weight)
    (found,) = metric.results().values()
    return found


def test_is_the_weighted_mean_of_errors_by_the_size_of_targets() -> None:
    found = figure([[1.0, 5.0], [-3.0, 1.0]], [[2.0, 2.0], [-4.0, 1.0]], 3.0, 1.0)
    assert found == (3 * (0.5 + 1.5) / 2 + 0.25 / 2) / 4


def test_a_target_of_zero_makes_it_very_large_but_finite() -> None:
    assert figure([[1.0]], [[0.0]]) == 1 / np.finfo(np.float64).eps


def test_lower_is_better() -> None:
    assert AbsolutePercentageErrorConfig().figures(VectorTarget((1,))) == {
        "mean_absolute_percentage_error": False
    }


def test_refuses_classes() -> None:
    with pytest.raises(
        ShapeError, match="mean_absolute_percentage_error expects numbers as targets"
    ):
        AbsolutePercentageErrorConfig().check((3,), ClassTarget(3))
