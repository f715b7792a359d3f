from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Array, Shape
from layerkit.builtin.by_activation import ByActivationConfig
from layerkit.builtin.dense import DenseConfig
from layerkit.builtin.normal import NormalConfig
from layerkit.builtin.zeros import ZerosConfig
from layerkit.contracts.initializer import Fan
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.errors import ShapeError
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer


def dense_in_place(weight: Array, bias: Array | None, axes: Shape = ()) -> Layer[LayerConfig]:
    features, units = weight.shape
    config = DenseConfig(units=units, bias=bias is not None)
    dense = build_layer(config, input_shape=(*axes, features))
    dense.context.params["weight"].value[...] = weight
    if bias is not None:
        dense.context.params["bias"].value[...] = bias
    return dense


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("units", [1, 3])
@pytest.mark.parametrize("shape", [(7,), (4, 7), (2, 3, 4)])
def test_keeps_the_contract_of_layers(shape: Shape, units: int, bias: bool) -> None:
    check_layer(DenseConfig(units=units, bias=bias), input_shape=shape)


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


def test_starts_by_the_activation_and_from_no_bias_unless_told_otherwise() -> None:
    plan = DenseConfig(units=3).plan((7,))
    assert plan.params["weight"].initializer == ByActivationConfig()
    assert plan.params["bias"].initializer == ZerosConfig()
    told = DenseConfig.model_validate({"units": 3, "weight_initializer": "zeros"})
    assert told.plan((7,)).params["weight"].initializer == ZerosConfig()


def test_works_on_every_step_of_a_sequence_as_on_an_example_of_its_own() -> None:
    rng = np.random.default_rng(0)
    weight, bias, x, dy = (rng.normal(size=shape) for shape in ((5, 3), (3,), (2, 2, 5), (2, 2, 3)))
    steps, alone = dense_in_place(weight, bias, (2,)), dense_in_place(weight, bias)
    y, y_alone = (
        layer.forward(x.reshape(-1, *layer.context.input_shape), training=True)
        for layer in (steps, alone)
    )
    assert y.shape == (2, 2, 3)
    np.testing.assert_array_equal(y.reshape(4, 3), y_alone)
    dx, dx_alone = steps.backward(dy.copy()), alone.backward(dy.reshape(4, 3).copy())
    assert dx is not None
    assert dx_alone is not None
    np.testing.assert_array_equal(dx.reshape(4, 5), dx_alone)
    for name, parameter in steps.context.params.items():
        np.testing.assert_array_equal(parameter.grad, alone.context.params[name].grad)


def test_arrays_that_are_cuts_of_others_will_do() -> None:
    rng = np.random.default_rng(0)
    weight, wide_x, wide_dy = (rng.normal(size=shape) for shape in ((5, 3), (2, 4, 9), (2, 4, 6)))
    cut, whole = dense_in_place(weight, None, (4,)), dense_in_place(weight, None, (4,))
    x, dy = wide_x[..., 2:7], wide_dy[..., 3:]
    np.testing.assert_allclose(
        cut.forward(x, training=True), whole.forward(x.copy(), training=True), rtol=1e-14
    )
    found, expected = cut.backward(dy), whole.backward(dy.copy())
    assert found is not None
    assert expected is not None
    np.testing.assert_allclose(found, expected, rtol=1e-14)


def test_one_bias_and_one_weight_serve_all_steps() -> None:
    plan = DenseConfig(units=3).plan((28, 4, 7))
    assert plan.output == (28, 4, 3)
    assert [param.shape for param in plan.params.values()] == [(7, 3), (3,)]
    assert plan.params["weight"].fan == Fan(7, 3)


@pytest.mark.parametrize(("shape", "products"), [((7,), 21), ((4, 7), 84), ((2, 2, 7), 84)])
def test_counts_the_multiplications_of_all_steps(shape: Shape, products: int) -> None:
    assert DenseConfig(units=3).plan(shape).products == products


def test_refuses_a_single_number() -> None:
    with pytest.raises(ShapeError, match=r"expects an axis of features.* found \(\)"):
        DenseConfig(units=3).plan(())


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", [(7,), (4, 7)])
def test_the_ntk_parametrization_keeps_the_contract_of_layers(shape: Shape, bias: bool) -> None:
    check_layer(DenseConfig(units=3, bias=bias, parametrization="ntk"), input_shape=shape)


def test_the_ntk_parametrization_is_a_weight_divided_by_the_root_of_the_features() -> None:
    config = DenseConfig(units=2, parametrization="ntk")
    ntk, standard = (build_layer(each, input_shape=(4,)) for each in (config, DenseConfig(units=2)))
    standard.context.params["weight"].value[...] = ntk.context.params["weight"].value / 2
    x = np.random.default_rng(0).normal(size=(3, 4))
    np.testing.assert_allclose(ntk.forward(x, training=True), standard.forward(x, training=True))
    dx, expected = ntk.backward(np.ones((3, 2))), standard.backward(np.ones((3, 2)))
    assert dx is not None
    assert expected is not None
    np.testing.assert_allclose(dx, expected)
    of_ntk, of_standard = ntk.context.params, standard.context.params
    np.testing.assert_allclose(of_ntk["weight"].grad, of_standard["weight"].grad / 2)
    np.testing.assert_allclose(of_ntk["bias"].grad, of_standard["bias"].grad)


def test_weights_of_the_ntk_parametrization_start_with_variance_one_unless_told_otherwise() -> None:
    plain = DenseConfig(units=3, parametrization="ntk")
    assert plain.weight_initializer == NormalConfig(deviation=1.0)
    assert DenseConfig.model_validate(plain.model_dump()) == plain
    told = DenseConfig.model_validate(
        {"units": 3, "parametrization": "ntk", "weight_initializer": "zeros"}
    )
    assert told.weight_initializer == ZerosConfig()


@pytest.mark.parametrize("units", [0, -1, 2.0, True, "3"])
def test_units_are_an_integer_from_one(units: object) -> None:
    with pytest.raises(ValidationError, match="units"):
        DenseConfig.model_validate({"units": units})
