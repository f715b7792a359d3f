from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Shape
from layerkit.builtin.cosine_similarity import CosineSimilarityConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_loss
from layerkit.testing.loss import check_loss


@pytest.mark.parametrize("shape", [(3,), (4, 3), (2, 4, 3)])
def test_keeps_the_contract_of_losses(shape: Shape) -> None:
    check_loss("cosine_similarity", output_shape=shape, target=VectorTarget(shape))


def test_is_zero_for_the_same_direction_one_for_a_right_angle_and_two_for_the_opposite() -> None:
    loss = build_loss(CosineSimilarityConfig(), output_shape=(2,), target=VectorTarget((2,)))
    outputs = np.array([[3.0, 4.0], [0.0, 2.0], [-1.0, 0.0]])
    targets = np.array([[6.0, 8.0], [5.0, 0.0], [7.0, 0.0]])
    assert loss.value(outputs, targets, np.array([4.0, 2.0, 1.0])) == pytest.approx(2 * 1 + 2)


def test_the_gradient_turns_the_output_and_is_shorter_for_longer_ones() -> None:
    loss = build_loss(CosineSimilarityConfig(), output_shape=(2,), target=VectorTarget((2,)))
    out = np.zeros((2, 2))
    loss.gradient(np.array([[0.0, 2.0], [0.0, 8.0]]), np.array([[5.0, 0.0]] * 2), np.ones(2), out)
    np.testing.assert_allclose(out, [[-0.5, 0], [-0.125, 0]])


def test_an_output_of_zero_has_a_finite_gradient() -> None:
    loss = build_loss(CosineSimilarityConfig(), output_shape=(2,), target=VectorTarget((2,)))
    out = np.zeros((1, 2))
    assert loss.gradient(np.zeros((1, 2)), np.array([[3.0, 4.0]]), np.ones(1), out) == 1
    np.testing.assert_allclose(out, [[-0.6e8, -0.8e8]])


def test_refuses_single_numbers_and_classes() -> None:
    for output, target in (((1,), VectorTarget(())), ((1,), VectorTarget((1,)))):
        with pytest.raises(ShapeError, match="at least two numbers"):
            CosineSimilarityConfig().plan(output, target)
    with pytest.raises(ShapeError, match="expects numbers as targets"):
        CosineSimilarityConfig().plan((3,), ClassTarget(3))
