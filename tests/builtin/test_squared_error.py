from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Shape
from layerkit.builtin.squared_error import SquaredErrorConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_metric
from layerkit.testing.metric import check_metric


@pytest.mark.parametrize(
    ("output", "target"), [((3,), (3,)), ((1,), ()), ((4, 3), (4, 3)), ((1,), (1,))]
)
def test_keeps_the_contract_of_metrics(output: Shape, target: Shape) -> None:
    check_metric("mean_squared_error", output_shape=output, target=VectorTarget(target))


def figure(predictions: list[list[float]], targets: list[list[float]], *weights: float) -> float:
    """Return the figure, one example a batch."""
    k = len(predictions[0])
    metric = build_metric(SquaredErrorConfig(), prediction_shape=(k,), target=VectorTarget((k,)))
    for row, target in enumerate(targets):
        weight = np.array([weights[row] if weights else 1.0])
        metric.update(np.array([predictions[row]]), np.array([target]), weight)
    (found,) = metric.results().values()
    return found


def test_is_the_weighted_mean_over_examples_of_the_mean_over_their_values() -> None:
    found = figure([[1.0, 5.0], [0.0, 0.0]], [[2.0, 2.0], [-4.0, 0.0]], 3.0, 1.0)
    assert found == (3 * (1 + 9) / 2 + 16 / 2) / 4


def test_lower_is_better() -> None:
    assert SquaredErrorConfig().figures(VectorTarget((1,))) == {"mean_squared_error": False}


def test_refuses_classes() -> None:
    with pytest.raises(ShapeError, match="mean_squared_error expects numbers as targets"):
        SquaredErrorConfig().check((3,), ClassTarget(3))
