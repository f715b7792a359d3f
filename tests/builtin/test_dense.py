from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Array
from layerkit.builtin.dense import Dense, DenseConfig
from layerkit.builtin.xavier_uniform import XavierUniformConfig
from layerkit.builtin.zeros import ZerosConfig
from layerkit.contracts.initializer import Fan
from layerkit.contracts.layer import LayerContext, Parameter
from layerkit.errors import ShapeError
from layerkit.randomness import generator
from layerkit.testing.layer import check_layer


def dense_in_place(weight: Array, bias: Array | None) -> Dense:
    features, units = weight.shape
    params = {"weight": Parameter(weight, np.zeros_like(weight))}
    if bias is not None:
        params["bias"] = Parameter(bias, np.zeros_like(bias))
    context = LayerContext(
        (features,),
        (units,),
        4,
        np.dtype(np.float64),
        params,
        {},
        generator(0, "test"),
        np.zeros((4, features)),
    )
    return Dense(DenseConfig(units=units, bias=bias is not None), context)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("units", [1, 3])
def test_keeps_the_contract_of_layers(units: int, bias: bool) -> None:
    check_layer(DenseConfig(units=units, bias=bias), input_shape=(7,))


def test_multiplies_by_the_weight_and_adds_the_bias() -> None:
    dense = dense_in_place(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([0.5, -0.5]))
    y = dense.forward(np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]]), training=True)
    assert y.tolist() == [[-3.5, -4.5], [5.5, 7.5]]


def test_gradients_are_those_worked_out_by_hand() -> None:
    dense = dense_in_place(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([0.5, -0.5]))
    dense.forward(np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]]), training=True)
    dx = dense.backward(np.array([[1.0, 0.0], [10.0, 1.0]]))
    assert dx is not None
    assert dx.tolist() == [[1.0, 3.0, 5.0], [12.0, 34.0, 56.0]]
    assert dense.context.params["weight"].grad.tolist() == [[21.0, 2.0], [10.0, 1.0], [-1.0, 0.0]]
    assert dense.context.params["bias"].grad.tolist() == [11.0, 1.0]


def test_without_a_bias_there_is_no_such_parameter() -> None:
    dense = dense_in_place(np.array([[2.0], [3.0]]), None)
    assert dense.forward(np.array([[1.0, 1.0]]), training=False).tolist() == [[5.0]]
    assert list(DenseConfig(units=1, bias=False).plan((2,)).params) == ["weight"]


def test_plans_weight_and_bias_with_their_connections() -> None:
    plan = DenseConfig(units=3).plan((7,))
    weight, bias = plan.params["weight"], plan.params["bias"]
    assert plan.output == (3,)
    assert (weight.shape, weight.fan, weight.decay) == ((7, 3), Fan(7, 3), True)
    assert (bias.shape, bias.fan, bias.decay) == ((3,), Fan(7, 3), False)


def test_starts_from_xavier_weights_and_no_bias_unless_told_otherwise() -> None:
    plan = DenseConfig(units=3).plan((7,))
    assert plan.params["weight"].initializer == XavierUniformConfig()
    assert plan.params["bias"].initializer == ZerosConfig()
    told = DenseConfig.model_validate({"units": 3, "weight_initializer": "zeros"})
    assert told.plan((7,)).params["weight"].initializer == ZerosConfig()


def test_refuses_more_than_one_axis() -> None:
    with pytest.raises(ShapeError, match=r"expects one axis .* found \(28, 28\)"):
        DenseConfig(units=3).plan((28, 28))


@pytest.mark.parametrize("units", [0, -1, 2.0, True, "3"])
def test_units_are_an_integer_from_one(units: object) -> None:
    with pytest.raises(ValidationError, match="units"):
        DenseConfig.model_validate({"units": units})
