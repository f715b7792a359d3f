from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Shape
from layerkit.builtin.absolute_error import AbsoluteErrorConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_loss
from layerkit.testing.loss import check_loss


@pytest.mark.parametrize(
    ("output", "target"), [((3,), (3,)), ((1,), ()), ((), ()), ((4, 3), (4, 3))]
)
def test_keeps_the_contract_of_losses(output: Shape, target: Shape) -> None:
    check_loss("mean_absolute_error", output_shape=output, target=VectorTarget(target))


def test_keeps_the_contract_with_a_mean_and_a_deviation_of_the_targets() -> None:
    config = AbsoluteErrorConfig(target_mean=-7.0, target_deviation=3.0)
    check_loss(config, output_shape=(4, 3), target=VectorTarget((4, 3)))


def test_with_a_mean_and_a_deviation_it_predicts_in_the_units_of_the_targets() -> None:
    config = AbsoluteErrorConfig(target_mean=100.0, target_deviation=20.0)
    loss = build_loss(config, output_shape=(1,), target=VectorTarget(()))
    predicted = np.zeros(2)
    loss.predict(np.array([[1.0], [-2.0]]), predicted)
    np.testing.assert_array_equal(predicted, [120, 60])
    assert loss.value(np.array([[1.0]]), np.array([120.0]), np.ones(1)) == 0


def test_value_and_gradient_are_those_of_the_mean_over_the_values_of_an_example() -> None:
    loss = build_loss(AbsoluteErrorConfig(), output_shape=(2,), target=VectorTarget((2,)))
    outputs, targets = np.array([[1.0, 2.0], [0.0, -4.0]]), np.array([[0.0, 5.0], [0.0, -2.0]])
    out = np.zeros((2, 2))
    value = loss.gradient(outputs, targets, np.array([0.5, 2.0]), out)
    assert value == pytest.approx(0.5 * (1 + 3) / 2 + 2 * (0 + 2) / 2, rel=1e-15)
    np.testing.assert_allclose(out, [[0.25, -0.25], [0.0, -1.0]], rtol=1e-15)


def test_refuses_classes() -> None:
    with pytest.raises(ShapeError, match="mean_absolute_error expects numbers as targets"):
        AbsoluteErrorConfig().plan((3,), ClassTarget(3))
