from __future__ import annotations

import math

import numpy as np
import pytest

from layerkit.arrays import Shape
from layerkit.builtin.root_squared_error import RootSquaredErrorConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_metric
from layerkit.testing.metric import check_metric


@pytest.mark.parametrize(
    ("output", "target"), [((3,), (3,)), ((1,), ()), ((4, 3), (4, 3)), ((1,), (1,))]
)
def test_keeps_the_contract_of_metrics(output: Shape, target: Shape) -> None:
    check_metric("root_mean_squared_error", output_shape=output, target=VectorTarget(target))


def figure(predictions: list[list[float]], targets: list[list[float]], *weights: float) -> float:
    """Return the figure, one example a batch."""
    k = len(predictions[0])
    metric = build_metric(
        RootSquaredErrorConfig(), prediction_shape=(k,), target=VectorTarget((k,))
    )
    for row, target in enumerate(targets):
        weight = np.array([weights[row] if weights else 1.0])
        metric.update(np.array([predictions[row]]), np.array([target]), weight)
    (found,) = metric.results().values()
    return found


def test_is_the_root_of_the_weighted_mean_of_squares() -> None:
    found = figure([[1.0], [0.0]], [[2.0], [-4.0]], 3.0, 1.0)
    assert found == pytest.approx(math.sqrt((3 * 1 + 16) / 4))


def test_of_several_values_it_is_the_mean_of_their_roots() -> None:
    assert figure([[1.0, 5.0]], [[2.0, 2.0]]) == (1 + 3) / 2


def test_lower_is_better() -> None:
    assert RootSquaredErrorConfig().figures(VectorTarget((1,))) == {
        "root_mean_squared_error": False
    }


def test_refuses_classes() -> None:
    with pytest.raises(ShapeError, match="root_mean_squared_error expects numbers as targets"):
        RootSquaredErrorConfig().check((3,), ClassTarget(3))
