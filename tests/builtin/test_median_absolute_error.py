from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Shape
from layerkit.builtin.median_absolute_error import MedianAbsoluteErrorConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_metric
from layerkit.testing.metric import check_metric


@pytest.mark.parametrize(
    ("output", "target"), [((3,), (3,)), ((1,), ()), ((4, 3), (4, 3)), ((1,), (1,))]
)
def test_keeps_the_contract_of_metrics(output: Shape, target: Shape) -> None:
    check_metric("median_absolute_error", output_shape=output, target=VectorTarget(target))


def figure(predictions: list[list[float]], targets: list[list[float]], *weights: float) -> float:
    """Return the figure, one example a batch."""
    k = len(predictions[0])
    metric = build_metric(
        MedianAbsoluteErrorConfig(), prediction_shape=(k,), target=VectorTarget((k,))
    )
    for row, target in enumerate(targets):
        weight = np.array([weights[row] if weights else 1.0])
        metric.update(np.array([predictions[row]]), np.array([target]), weight)
    (found,) = metric.results().values()
    return found


def test_is_the_middle_error_or_midway_between_two() -> None:
    assert figure([[1.0], [0.0], [9.0]], [[0.0], [0.0], [0.0]]) == 1
    assert figure([[1.0], [0.0], [9.0], [4.0]], [[0.0], [0.0], [0.0], [0.0]]) == 2.5


def test_examples_count_by_their_weights() -> None:
    assert figure([[1.0], [0.0], [9.0]], [[0.0], [0.0], [0.0]], 1.0, 1.0, 3.0) == 9
    assert figure([[1.0], [0.0], [9.0]], [[0.0], [0.0], [0.0]], 1.0, 1.0, 2.0) == 5


def test_of_several_values_it_is_the_mean_of_their_medians() -> None:
    found = figure([[1.0, 0.0], [2.0, 7.0], [3.0, 8.0]], [[0.0, 0.0]] * 3)
    assert found == (2 + 7) / 2


def test_says_how_much_it_keeps() -> None:
    config = MedianAbsoluteErrorConfig()
    assert config.kept((3,), VectorTarget((3,))) == 3 + 1
    assert config.kept((5, 3), VectorTarget((5, 3))) == 15 + 5
    assert config.kept((), VectorTarget(())) == 2


def test_lower_is_better() -> None:
    assert MedianAbsoluteErrorConfig().figures(VectorTarget((1,))) == {
        "median_absolute_error": False
    }


def test_refuses_classes() -> None:
    with pytest.raises(ShapeError, match="median_absolute_error expects numbers as targets"):
        MedianAbsoluteErrorConfig().check((3,), ClassTarget(3))
