from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Shape
from layerkit.builtin.quantile_loss import QuantileLossConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_loss
from layerkit.testing.loss import check_loss


@pytest.mark.parametrize(
    ("output", "target"), [((3,), (3,)), ((1,), ()), ((), ()), ((4, 3), (4, 3))]
)
def test_keeps_the_contract_of_losses(output: Shape, target: Shape) -> None:
    check_loss("quantile", output_shape=output, target=VectorTarget(target))


def test_keeps_the_contract_with_a_mean_and_a_deviation_of_the_targets() -> None:
    config = QuantileLossConfig(target_mean=-7.0, target_deviation=3.0)
    check_loss(config, output_shape=(4, 3), target=VectorTarget((4, 3)))


def test_with_a_mean_and_a_deviation_it_predicts_in_the_units_of_the_targets() -> None:
    config = QuantileLossConfig(target_mean=100.0, target_deviation=20.0)
    loss = build_loss(config, output_shape=(1,), target=VectorTarget(()))
    predicted = np.zeros(2)
    loss.predict(np.array([[1.0], [-2.0]]), predicted)
    np.testing.assert_array_equal(predicted, [120, 60])
    assert loss.value(np.array([[1.0]]), np.array([120.0]), np.ones(1)) == 0


def test_value_and_gradient_are_steeper_where_the_target_is_above_a_high_quantile() -> None:
    loss = build_loss(
        QuantileLossConfig(quantile=0.75), output_shape=(2,), target=VectorTarget((2,))
    )
    outputs, targets = np.array([[1.0, 2.0], [0.0, -4.0]]), np.array([[0.0, 5.0], [0.0, -2.0]])
    out = np.zeros((2, 2))
    value = loss.gradient(outputs, targets, np.array([0.5, 2.0]), out)
    assert value == pytest.approx(
        0.5 * (0.25 * 1 + 0.75 * 3) / 2 + 2 * (0 + 0.75 * 2) / 2, rel=1e-15
    )
    np.testing.assert_allclose(out, [[0.0625, -0.1875], [-0.25, -0.75]], rtol=1e-15)


@pytest.mark.parametrize("quantile", [0.01, 0.9])
def test_keeps_the_contract_at_any_quantile(quantile: float) -> None:
    config = QuantileLossConfig(quantile=quantile)
    check_loss(config, output_shape=(3,), target=VectorTarget((3,)))


def test_is_least_where_that_share_of_the_targets_lies_below() -> None:
    loss = build_loss(
        QuantileLossConfig(quantile=0.9), output_shape=(1,), target=VectorTarget(()), batch_size=100
    )
    targets = np.arange(100.0)
    values = [
        loss.value(np.full((100, 1), guess), targets, np.full(100, 0.01))
        for guess in (50.0, 88.0, 89.5, 91.0, 99.0)
    ]
    assert min(values) == values[2]


@pytest.mark.parametrize("quantile", [0.0, 1.0])
def test_refuses_a_quantile_that_no_number_is(quantile: float) -> None:
    with pytest.raises(ValidationError):
        QuantileLossConfig(quantile=quantile)


def test_refuses_classes() -> None:
    with pytest.raises(ShapeError, match="quantile expects numbers as targets"):
        QuantileLossConfig().plan((3,), ClassTarget(3))
