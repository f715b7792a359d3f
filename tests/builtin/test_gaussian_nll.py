from __future__ import annotations

import math

import numpy as np
import pytest

from layerkit.arrays import Shape
from layerkit.builtin.gaussian_nll import GaussianNllConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.contracts.output import LossPlan
from layerkit.errors import ShapeError
from layerkit.testing.build import build_loss
from layerkit.testing.loss import check_loss


@pytest.mark.parametrize(
    ("output", "target"), [((2,), ()), ((6,), (3,)), ((2,), (1,)), ((4, 6), (4, 3))]
)
def test_keeps_the_contract_of_losses(output: Shape, target: Shape) -> None:
    check_loss("gaussian_nll", output_shape=output, target=VectorTarget(target))


def test_value_and_gradient_are_those_of_the_normal_distribution() -> None:
    config = GaussianNllConfig(epsilon=1e-12)
    loss = build_loss(config, output_shape=(4,), target=VectorTarget((2,)))
    outputs = np.array([[1.0, 2.0, math.log(4), 0.0]])
    targets, out = np.array([[3.0, 2.0]]), np.zeros((1, 4))
    value = loss.gradient(outputs, targets, np.array([0.5]), out)
    assert value == pytest.approx(0.5 * (math.log(4) + 4 / 4 + 0 + 0) / 2 / 2, rel=1e-11)
    expected = [[0.5 * (-2 / 4) / 2, 0, 0, 0.5 * 1 / 4]]
    np.testing.assert_allclose(out, expected, rtol=1e-11, atol=1e-12)


def test_predicts_the_means() -> None:
    loss = build_loss(GaussianNllConfig(), output_shape=(2, 4), target=VectorTarget((2, 2)))
    predicted = np.zeros((1, 2, 2))
    loss.predict(np.arange(8.0).reshape(1, 2, 4), predicted)
    np.testing.assert_array_equal(predicted, [[[0, 1], [4, 5]]])
    assert loss.context.plan == LossPlan((2, 2), (2,))


def test_a_variance_is_never_below_epsilon() -> None:
    loss = build_loss(GaussianNllConfig(epsilon=0.01), output_shape=(2,), target=VectorTarget(()))
    outputs, out = np.array([[1.0, -1e4]]), np.zeros((1, 2))
    value = loss.gradient(outputs, np.zeros(1), np.ones(1), out)
    assert value == pytest.approx((math.log(0.01) + 1 / 0.01) / 2)
    np.testing.assert_allclose(out, [[100, 0]], atol=1e-12)


def test_refuses_outputs_that_are_not_two_per_value() -> None:
    with pytest.raises(ShapeError, match=r"shape \(6,\), a mean and .* found \(3,\)") as caught:
        GaussianNllConfig().plan((3,), VectorTarget((3,)))
    assert caught.value.hint == "end in a dense layer with units = 6"
    with pytest.raises(ShapeError, match="gaussian_nll expects numbers as targets"):
        GaussianNllConfig().plan((6,), ClassTarget(3))
