from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Shape
from layerkit.builtin.mean_absolute_error import MeanAbsoluteErrorConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_metric
from layerkit.testing.metric import check_metric


@pytest.mark.parametrize(
    ("output", "target"), [((3,), (3,)), ((1,), ()), ((4, 3), (4, 3)), ((1,), (1,))]
)
def test_keeps_the_contract_of_metrics(output: Shape, target: Shape) -> None:
    check_metric("mean_absolute_error", output_shape=output, target=VectorTarget(target))


def test_is_the_weighted_mean_over_examples_of_the_mean_over_their_values() -> None:
    metric = build_metric(
        MeanAbsoluteErrorConfig(), prediction_shape=(2,), target=VectorTarget((2,))
    )
    metric.update(np.array([[1.0, 5.0]]), np.array([[2.0, 2.0]]), np.array([3.0]))
    metric.update(np.array([[0.0, 0.0]]), np.array([[-4.0, 0.0]]), np.array([1.0]))
    assert metric.results() == {"mean_absolute_error": (3 * 2 + 2) / 4}


def test_lower_is_better() -> None:
    figures = MeanAbsoluteErrorConfig().figures(VectorTarget((1,)))
    assert figures == {"mean_absolute_error": False}


def test_refuses_classes() -> None:
    with pytest.raises(ShapeError, match="expects numbers as targets"):
        MeanAbsoluteErrorConfig().check((3,), ClassTarget(3))
