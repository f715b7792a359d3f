from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Array, Shape
from layerkit.builtin.layer_norm import LayerNormConfig
from layerkit.builtin.ones import OnesConfig
from layerkit.builtin.zeros import ZerosConfig
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.errors import ShapeError
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer


def layer_norm(scale: Array, shift: Array, epsilon: float, axes: Shape = ()) -> Layer[LayerConfig]:
    layer = build_layer(LayerNormConfig(epsilon=epsilon), input_shape=(*axes, len(scale)))
    layer.context.params["scale"].value[...] = scale
    layer.context.params["shift"].value[...] = shift
    return layer


@pytest.mark.parametrize("shape", [(7,), (1,), (3, 5), (2, 3, 5)])
@pytest.mark.parametrize("epsilon", [1e-5, 0.1])
def test_keeps_the_contract_of_layers(shape: Shape, epsilon: float) -> None:
    check_layer(LayerNormConfig(epsilon=epsilon), input_shape=shape)


@pytest.mark.parametrize("training", [True, False])
def test_normalizes_every_example_by_itself(training: bool) -> None:
    layer = layer_norm(np.array([1.0, 10.0]), np.array([0.0, 5.0]), epsilon=0.75)
    y = layer.forward(np.array([[1.0, 2.0], [7.0, 6.0]]), training=training)
    assert y.tolist() == [[-0.5, 10.0], [0.5, 0.0]]  # variance 1/4, deviation 1


@pytest.mark.parametrize("training", [True, False])
def test_normalizes_every_step_of_a_sequence_by_itself(training: bool) -> None:
    layer = layer_norm(np.ones(2), np.zeros(2), epsilon=0.75, axes=(2,))
    y = layer.forward(np.array([[[1.0, 2.0], [7.0, 6.0]]]), training=training)
    assert y.tolist() == [[[-0.5, 0.5], [0.5, -0.5]]]


def test_gradients_are_those_worked_out_by_hand() -> None:
    layer = layer_norm(np.array([1.0, 2.0]), np.zeros(2), epsilon=0.75)
    layer.forward(np.array([[1.0, 2.0], [7.0, 6.0]]), training=True)
    dx = layer.backward(np.array([[4.0, 0.0], [0.0, 4.0]]))
    assert dx is not None
    # z = (-1/2, 1/2), g = (4, 0): mean of g = 2, of g * z = -1, so 4 - 2 - 1/2 and its negative
    assert dx.tolist() == [[1.5, -1.5], [-3.0, 3.0]]
    params = layer.context.params
    assert params["scale"].grad.tolist() == [-2.0, -2.0]
    assert params["shift"].grad.tolist() == [4.0, 4.0]


def test_features_that_are_all_the_same_give_the_shift() -> None:
    layer = layer_norm(np.ones(3), np.array([1.0, 2.0, 3.0]), epsilon=1e-5)
    y = layer.forward(np.full((1, 3), 4.0), training=True)
    assert y.tolist() == [[1.0, 2.0, 3.0]]


def test_plans_a_scale_of_ones_and_a_shift_of_zeros_that_do_not_decay() -> None:
    plan = LayerNormConfig().plan((28, 7))
    scale, shift = plan.params["scale"], plan.params["shift"]
    assert plan.output == (28, 7)
    assert (scale.shape, scale.initializer, scale.decay) == ((7,), OnesConfig(), False)
    assert (shift.shape, shift.initializer, shift.decay) == ((7,), ZerosConfig(), False)
    assert plan.state == {}


def test_refuses_a_single_number() -> None:
    with pytest.raises(ShapeError, match=r"expects an axis of features.* found \(\)"):
        LayerNormConfig().plan(())


@pytest.mark.parametrize("epsilon", [0.0, -1e-5, "small"])
def test_epsilon_is_above_zero(epsilon: object) -> None:
    with pytest.raises(ValidationError, match="epsilon"):
        LayerNormConfig.model_validate({"epsilon": epsilon})
