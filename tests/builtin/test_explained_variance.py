from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Shape
from layerkit.builtin.explained_variance import ExplainedVarianceConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_metric
from layerkit.testing.metric import check_metric


@pytest.mark.parametrize(
    ("output", "target"), [((3,), (3,)), ((1,), ()), ((4, 3), (4, 3)), ((1,), (1,))]
)
def test_keeps_the_contract_of_metrics(output: Shape, target: Shape) -> None:
    check_metric("explained_variance", output_shape=output, target=VectorTarget(target))


def figure(predictions: list[list[float]], targets: list[list[float]], *weights: float) -> float:
    """Return the figure, one example a batch."""
    k = len(predictions[0])
    metric = build_metric(
        ExplainedVarianceConfig(), prediction_shape=(k,), target=VectorTarget((k,))
    )
    for row, target in enumerate(targets):
        weight = np.array([weights[row] if weights else 1.0])
        metric.update(np.array([predictions[row]]), np.array([target]), weight)
    (found,) = metric.results().values()
    return found


def test_is_what_the_predictions_leave_of_the_variance() -> None:
    found = figure([[1.0], [3.0], [3.0]], [[1.0], [2.0], [6.0]], 1.0, 2.0, 1.0)
    errors, targets = np.array([0, -1, -1, 3]), np.array([1, 2, 2, 6])
    assert found == pytest.approx(1 - errors.var() / targets.var(), rel=1e-14)


def test_a_constant_error_takes_nothing_from_it() -> None:
    assert figure([[11.0], [12.0], [16.0]], [[1.0], [2.0], [6.0]]) == 1


def test_targets_that_are_all_the_same_give_one_for_a_constant_error_and_else_zero() -> None:
    assert figure([[0.3], [0.3], [0.3]], [[0.1], [0.1], [0.1]], 0.1, 0.2, 0.3) == 1
    assert figure([[0.3], [0.4]], [[0.1], [0.1]]) == 0
    assert figure([[0.3, 0.3], [0.4, 0.3]], [[0.1, 0.1], [0.1, 0.1]]) == 0.5


def test_a_large_mean_costs_no_digits() -> None:
    targets = [[1e8 + 1], [1e8 + 2], [1e8 + 6]]
    found = figure([[1e8 + 1], [1e8 + 3], [1e8 + 3]], targets)
    assert found == pytest.approx(figure([[1.0], [3.0], [3.0]], [[1.0], [2.0], [6.0]]), rel=1e-12)


def test_higher_is_better() -> None:
    assert ExplainedVarianceConfig().figures(VectorTarget((1,))) == {"explained_variance": True}


def test_refuses_classes() -> None:
    with pytest.raises(ShapeError, match="explained_variance expects numbers as targets"):
        ExplainedVarianceConfig().check((3,), ClassTarget(3))
