from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Shape
from layerkit.builtin.perceptron import PerceptronConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_loss
from layerkit.testing.loss import check_loss


@pytest.mark.parametrize(
    ("output", "target"),
    [((1,), ClassTarget(2)), ((), ClassTarget(2)), ((5, 1), ClassTarget(2, shape=(5,)))],
)
def test_keeps_the_contract_of_losses(output: Shape, target: ClassTarget) -> None:
    check_loss("perceptron", output_shape=output, target=target)
    check_loss(PerceptronConfig(class_weights=(0.5, 2.0)), output_shape=output, target=target)


def test_only_an_output_of_the_wrong_sign_has_a_loss_and_a_gradient() -> None:
    loss = build_loss(PerceptronConfig(), output_shape=(1,), target=ClassTarget(2))
    outputs, labels = np.array([[0.25], [-2.0], [3.0], [-4.0]]), np.array([1, 1, 0, 0])
    out = np.zeros((4, 1))
    assert loss.gradient(outputs, labels, np.array([1.0, 2.0, 3.0, 4.0]), out) == 2 * 2 + 3 * 3
    np.testing.assert_array_equal(out, [[0], [-2], [3], [0]])


def test_an_output_of_zero_has_no_loss_but_a_gradient_so_that_weights_of_zero_learn() -> None:
    loss = build_loss(PerceptronConfig(), output_shape=(1,), target=ClassTarget(2))
    out = np.zeros((2, 1))
    assert loss.gradient(np.zeros((2, 1)), np.array([1, 0]), np.ones(2), out) == 0
    np.testing.assert_array_equal(out, [[-1], [1]])


def test_refuses_more_classes_and_more_outputs() -> None:
    with pytest.raises(ShapeError, match="perceptron expects two classes, found 3"):
        PerceptronConfig().plan((3,), ClassTarget(3))
    with pytest.raises(ShapeError, match=r"expects an output of shape \(1,\)"):
        PerceptronConfig().plan((2,), ClassTarget(2))
    with pytest.raises(ShapeError, match="expects class indices"):
        PerceptronConfig().plan((3,), VectorTarget((3,)))
