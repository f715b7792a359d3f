from __future__ import annotations

import math

import numpy as np
import pytest

from layerkit.arrays import Shape
from layerkit.builtin.kl_divergence import KlDivergenceConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import DataError, ShapeError
from layerkit.testing.build import build_loss
from layerkit.testing.loss import check_loss


@pytest.mark.parametrize("shape", [(3,), (4, 3), (2, 4, 3)])
def test_keeps_the_contract_of_losses(shape: Shape) -> None:
    check_loss("kl_divergence", output_shape=shape, target=VectorTarget(shape))


def test_value_and_gradient_are_those_of_the_divergence() -> None:
    loss = build_loss(KlDivergenceConfig(), output_shape=(2,), target=VectorTarget((2,)))
    logits, out = np.array([[0.0, math.log(3)]]), np.zeros((1, 2))
    value = loss.gradient(logits, np.array([[0.5, 0.5]]), np.array([2.0]), out)
    assert value == pytest.approx(2 * (0.5 * math.log(0.5 / 0.25) + 0.5 * math.log(0.5 / 0.75)))
    np.testing.assert_allclose(out, [[2 * (0.25 - 0.5), 2 * (0.75 - 0.5)]])


def test_is_zero_for_the_same_distribution() -> None:
    loss = build_loss(KlDivergenceConfig(), output_shape=(2,), target=VectorTarget((2,)))
    logits, targets = np.array([[5.0, 5.0 + math.log(3)]]), np.array([[0.25, 0.75]])
    assert loss.value(logits, targets, np.ones(1)) == pytest.approx(0, abs=1e-15)


def test_a_class_of_probability_zero_adds_nothing() -> None:
    loss = build_loss(KlDivergenceConfig(), output_shape=(2,), target=VectorTarget((2,)))
    value = loss.value(np.zeros((1, 2)), np.array([[0.0, 1.0]]), np.ones(1))
    assert value == pytest.approx(math.log(2))


def test_predicts_probabilities() -> None:
    loss = build_loss(KlDivergenceConfig(), output_shape=(2,), target=VectorTarget((2,)))
    predicted = np.zeros((1, 2))
    loss.predict(np.array([[1e4, 1e4 + math.log(3)]]), predicted)
    np.testing.assert_allclose(predicted, [[0.25, 0.75]], rtol=1e-11)


@pytest.mark.parametrize("wrong", [-0.1, 1.5, np.nan])
def test_refuses_targets_that_are_no_probabilities(wrong: float) -> None:
    loss = build_loss(KlDivergenceConfig(), output_shape=(2,), target=VectorTarget((2,)))
    with pytest.raises(DataError, match="probabilities from 0 to 1 as targets, found"):
        loss.value(np.zeros((1, 2)), np.array([[0.5, wrong]]), np.ones(1))


def test_refuses_single_numbers_and_classes() -> None:
    with pytest.raises(ShapeError, match="at least two probabilities"):
        KlDivergenceConfig().plan((1,), VectorTarget(()))
    with pytest.raises(ShapeError, match="expects numbers as targets"):
        KlDivergenceConfig().plan((3,), ClassTarget(3))
