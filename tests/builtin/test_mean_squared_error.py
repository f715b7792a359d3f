from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Shape
from layerkit.builtin.mean_squared_error import MeanSquaredErrorConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.contracts.output import LossPlan
from layerkit.errors import ShapeError
from layerkit.testing.build import build_loss
from layerkit.testing.loss import check_loss

OUTPUTS = np.array([[1.0, 2.0], [0.0, -4.0]])
TARGETS = np.array([[0.0, 5.0], [0.0, -2.0]])
WEIGHTS = np.array([0.5, 2.0])


@pytest.mark.parametrize(
    ("output", "target"),
    [((3,), (3,)), ((1,), ()), ((), ()), ((4, 3), (4, 3)), ((2, 4, 3), (2, 4, 3))],
)
def test_keeps_the_contract_of_losses(output: Shape, target: Shape) -> None:
    check_loss("mean_squared_error", output_shape=output, target=VectorTarget(target))


def test_value_and_gradient_are_those_of_the_mean_over_the_values_of_an_example() -> None:
    loss = build_loss(MeanSquaredErrorConfig(), output_shape=(2,), target=VectorTarget((2,)))
    out = np.zeros((2, 2))
    assert loss.gradient(OUTPUTS, TARGETS, WEIGHTS, out) == 0.5 * (1 + 9) / 2 + 2 * (0 + 4) / 2
    np.testing.assert_array_equal(out, [[0.5, -1.5], [0, -4]])


def test_single_numbers_go_with_one_output_and_are_not_broadcast() -> None:
    loss = build_loss(MeanSquaredErrorConfig(), output_shape=(1,), target=VectorTarget(()))
    outputs, targets = np.array([[1.0], [2.0]]), np.array([4.0, 0.0])
    out, predicted = np.zeros((2, 1)), np.zeros(2)
    assert loss.gradient(outputs, targets, WEIGHTS, out) == 0.5 * 9 + 2 * 4
    np.testing.assert_array_equal(out, [[-3], [8]])
    loss.predict(outputs, predicted)
    np.testing.assert_array_equal(predicted, [1, 2])


def test_there_is_a_loss_for_every_step() -> None:
    target = VectorTarget((2, 3))
    assert MeanSquaredErrorConfig().plan((2, 3), target) == LossPlan((2, 3), (2,))
    loss = build_loss(MeanSquaredErrorConfig(), output_shape=(2, 3), target=target)
    outputs, out = np.arange(6.0).reshape(1, 2, 3), np.zeros((1, 2, 3))
    weights = np.array([[0.0, 3.0]])
    assert loss.gradient(outputs, np.zeros((1, 2, 3)), weights, out) == 9 + 16 + 25
    np.testing.assert_array_equal(out, [[[0, 0, 0], [6, 8, 10]]])


def test_predicts_the_outputs() -> None:
    loss = build_loss(MeanSquaredErrorConfig(), output_shape=(2,), target=VectorTarget((2,)))
    out = np.zeros((2, 2))
    loss.predict(OUTPUTS, out)
    np.testing.assert_array_equal(out, OUTPUTS)


def test_refuses_other_shapes_than_those_of_the_targets() -> None:
    config = MeanSquaredErrorConfig()
    with pytest.raises(ShapeError, match=r"shape \(2,\), one number per value "):
        config.plan((3,), VectorTarget((2,)))
    with pytest.raises(ShapeError, match=r"shape \(1,\), .* found \(2,\)"):
        config.plan((2,), VectorTarget(()))
    with pytest.raises(ShapeError, match=r"shape \(2, 3\), .* found \(6,\)$"):
        config.plan((6,), VectorTarget((2, 3)))


def test_refuses_classes() -> None:
    with pytest.raises(ShapeError, match="expects numbers as targets, found class indices"):
        MeanSquaredErrorConfig().plan((3,), ClassTarget(3))


def test_with_the_mean_and_deviation_of_the_targets_it_compares_standard_scores() -> None:
    config = MeanSquaredErrorConfig(target_mean=100.0, target_deviation=20.0)
    loss = build_loss(config, output_shape=(2,), target=VectorTarget((2,)))
    plain = build_loss(MeanSquaredErrorConfig(), output_shape=(2,), target=VectorTarget((2,)))
    out, expected, predicted = np.zeros((2, 2)), np.zeros((2, 2)), np.zeros((2, 2))
    targets = 100 + 20 * TARGETS
    value = plain.gradient(OUTPUTS, TARGETS, WEIGHTS, expected)
    assert loss.gradient(OUTPUTS, targets, WEIGHTS, out) == pytest.approx(value)
    assert loss.value(OUTPUTS, targets, WEIGHTS) == pytest.approx(value)
    np.testing.assert_allclose(out, expected)
    loss.predict(OUTPUTS, predicted)
    np.testing.assert_allclose(predicted, 100 + 20 * OUTPUTS)
    np.testing.assert_array_equal(targets, 100 + 20 * TARGETS)


@pytest.mark.parametrize("shape", [(3,), (4, 3)])
def test_keeps_the_contract_with_a_mean_and_a_deviation(shape: Shape) -> None:
    config = MeanSquaredErrorConfig(target_mean=-7.0, target_deviation=3.0)
    check_loss(config, output_shape=shape, target=VectorTarget(shape))
