from __future__ import annotations

import numpy as np
import pytest
from layerkit_convolution.conv2d import Conv2dConfig
from layerkit_convolution.window_products import SMALL
from pydantic import ValidationError

from layerkit.builtin.by_activation import ByActivationConfig
from layerkit.builtin.normal import NormalConfig
from layerkit.builtin.ones import OnesConfig
from layerkit.builtin.zeros import ZerosConfig
from layerkit.plugin import Array, Fan, FloatType, Layer, LayerConfig, ShapeError, generator
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer

FLOAT64: FloatType = np.dtype(np.float64)


def conv_in_place(
    config: Conv2dConfig,
    shape: tuple[int, ...],
    capacity: int,
    dtype: FloatType = FLOAT64,
) -> Layer[LayerConfig]:
    return build_layer(config, input_shape=shape, batch_size=capacity, dtype=dtype)


def values(convolution: Layer[LayerConfig]) -> tuple[Array, Array]:
    params = convolution.context.params
    return params["weight"].value, params["bias"].value


@pytest.mark.parametrize(
    "options",
    [
        {"kernel_size": 3},
        {"kernel_size": 3, "padding": "same"},
        {"kernel_size": [2, 3], "stride": [1, 2], "padding": [1, 0]},
        {"kernel_size": 2, "stride": 3, "padding": "same", "bias": False},
        {"kernel_size": 1},
        {"kernel_size": 2, "dilation": [2, 1], "parametrization": "ntk"},
    ],
)
@pytest.mark.parametrize("channels", [1, 2])
def test_keeps_the_contract_of_layers(options: dict[str, object], channels: int) -> None:
    check_layer({"type": "conv2d", "filters": 3, **options}, input_shape=(5, 4, channels))


@pytest.mark.parametrize(
    "options",
    [
        {"groups": 2},
        {"groups": 2, "padding": "same", "dilation": 2, "bias": False},
        {"groups": 4, "stride": 2, "padding": 1, "parametrization": "ntk"},
    ],
)
def test_keeps_the_contract_in_groups(options: dict[str, object]) -> None:
    check_layer(
        {"type": "conv2d", "filters": 4, "kernel_size": 3, **options}, input_shape=(5, 5, 4)
    )


def test_slides_the_kernel_without_turning_it_round() -> None:
    convolution = conv_in_place(Conv2dConfig(filters=1, kernel_size=(1, 2)), (2, 3, 1), 1)
    weight, bias = values(convolution)
    weight[...] = np.array([1.0, 10.0]).reshape(1, 2, 1, 1)
    bias[...] = 0.5
    x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]).reshape(1, 2, 3, 1)
    y = convolution.forward(x, training=True)
    assert y.reshape(2, 2).tolist() == [[21.5, 32.5], [54.5, 65.5]]


def test_gradients_are_those_worked_out_by_hand() -> None:
    convolution = conv_in_place(Conv2dConfig(filters=1, kernel_size=(1, 2)), (1, 3, 1), 1)
    weight, _ = values(convolution)
    weight[...] = np.array([1.0, 10.0]).reshape(1, 2, 1, 1)
    convolution.forward(np.array([2.0, 3.0, 5.0]).reshape(1, 1, 3, 1), training=True)
    dx = convolution.backward(np.array([1.0, 100.0]).reshape(1, 1, 2, 1))
    assert dx is not None
    assert dx.reshape(-1).tolist() == [1, 110, 1000]
    params = convolution.context.params
    assert params["weight"].grad.reshape(-1).tolist() == [302, 503]
    assert params["bias"].grad.tolist() == [101]


@pytest.mark.parametrize("stride", [1, 2, (3, 1), (4, 5)])
@pytest.mark.parametrize("padding", ["valid", "same", 1, (0, 2)])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("dilation", [1, (3, 2)])
def test_all_gradients_are_those_summed_up_window_by_window(
    stride: int | tuple[int, int],
    padding: int | tuple[int, int],
    channels: int,
    dilation: int | tuple[int, int],
) -> None:
    config = Conv2dConfig(
        filters=2, kernel_size=(2, 3), stride=stride, padding=padding, dilation=dilation
    )
    convolution = conv_in_place(config, (7, 6, channels), 3)
    weight, bias = values(convolution)
    rng = generator(0, "arrays")
    x = rng.normal(size=(3, 7, 6, channels))
    dy = rng.normal(size=(3, *convolution.context.output_shape))
    rows, columns = config.slides((7, 6, channels))
    padded = np.zeros((3, rows.padded, columns.padded, channels))
    padded[:, rows.elements, columns.elements] = x
    y, d_padded, d_weight = np.zeros_like(dy), np.zeros_like(padded), np.zeros_like(weight)
    for n, i, j in np.ndindex(dy.shape[:3]):
        top, left = i * rows.stride, j * columns.stride
        down = slice(top, top + rows.reach, rows.dilation)
        at = (n, down, slice(left, left + columns.reach, columns.dilation))
        y[n, i, j] = bias + np.einsum("abc,abcf->f", padded[at], weight)
        d_padded[at] += weight @ dy[n, i, j]
        d_weight += padded[at][..., np.newaxis] * dy[n, i, j]
    found = convolution.forward(x, training=True)
    np.testing.assert_allclose(found, y, rtol=1e-12, atol=1e-12)
    dx = convolution.backward(dy)
    assert dx is not None
    expected = d_padded[:, rows.elements, columns.elements]
    np.testing.assert_allclose(dx, expected, rtol=1e-12, atol=1e-12)
    params = convolution.context.params
    np.testing.assert_allclose(params["weight"].grad, d_weight, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(params["bias"].grad, dy.sum(axis=(0, 1, 2)), rtol=1e-12, atol=1e-12)


def test_a_group_is_a_convolution_of_its_own_channels() -> None:
    config = Conv2dConfig(filters=6, kernel_size=2, groups=2)
    whole = conv_in_place(config, (4, 4, 4), 3)
    weight, bias = values(whole)
    rng = generator(0, "arrays")
    x, dy = rng.normal(size=(3, 4, 4, 4)), rng.normal(size=(3, 3, 3, 6))
    y, dx = whole.forward(x, training=True), whole.backward(dy.copy())
    assert dx is not None
    for group in range(2):
        channels, filters = slice(2 * group, 2 * group + 2), slice(3 * group, 3 * group + 3)
        part = conv_in_place(Conv2dConfig(filters=3, kernel_size=2), (4, 4, 2), 3)
        own_weight, own_bias = values(part)
        own_weight[...], own_bias[...] = weight[..., filters], bias[filters]
        expected = part.forward(x[..., channels], training=True)
        np.testing.assert_allclose(y[..., filters], expected, rtol=1e-13, atol=1e-13)
        own_dx = part.backward(dy[..., filters].copy())
        assert own_dx is not None
        np.testing.assert_allclose(dx[..., channels], own_dx, rtol=1e-13, atol=1e-13)
        for name in ("weight", "bias"):
            np.testing.assert_allclose(
                whole.context.params[name].grad[..., filters],
                part.context.params[name].grad,
                rtol=1e-13,
                atol=1e-13,
            )


def test_with_ntk_the_weight_starts_wide_and_is_divided_by_its_inputs() -> None:
    ntk = Conv2dConfig(filters=2, kernel_size=2, parametrization="ntk")
    initializer = ntk.plan((3, 3, 4)).params["weight"].initializer
    assert initializer == NormalConfig(deviation=1.0)
    first = conv_in_place(ntk, (3, 3, 4), 1)
    second = conv_in_place(Conv2dConfig(filters=2, kernel_size=2), (3, 3, 4), 1)
    values(second)[0][...] = values(first)[0] / 4  # sqrt(2 * 2 * 4)
    values(second)[1][...] = values(first)[1]
    x = generator(0, "x").normal(size=(1, 3, 3, 4))
    expected = second.forward(x, training=True)
    np.testing.assert_allclose(first.forward(x, training=True), expected, rtol=1e-13, atol=1e-13)


def test_a_weight_of_ones_own_starts_as_one_says_with_ntk_too() -> None:
    table = {"filters": 1, "kernel_size": 1, "parametrization": "ntk", "weight_initializer": "ones"}
    config = Conv2dConfig.model_validate(table)
    assert config.plan((1, 1, 1)).params["weight"].initializer == OnesConfig()


def test_every_group_is_planned_for_its_own_channels() -> None:
    plan = Conv2dConfig(filters=8, kernel_size=3, groups=4).plan((9, 9, 12))
    weight = plan.params["weight"]
    assert (weight.shape, weight.fan) == ((3, 3, 3, 8), Fan(9 * 3, 9 * 2))


@pytest.mark.parametrize("filters", [1, 30])
def test_weight_gradient_is_the_same_where_images_go_together(filters: int) -> None:
    config = Conv2dConfig(filters=filters, kernel_size=3)
    convolution = conv_in_place(config, (18, 18, 16), 20)
    weight, _ = values(convolution)
    assert (16 * 16 * (weight[..., 0].size + 1) * filters > SMALL) == (filters > 1)
    rng = generator(0, "arrays")
    x, dy = rng.normal(size=(20, 18, 18, 16)), rng.normal(size=(20, 16, 16, filters))
    convolution.forward(x, training=True)
    convolution.backward(dy)
    for a, b in np.ndindex(3, 3):
        expected = np.tensordot(x[:, a : a + 16, b : b + 16], dy, axes=((0, 1, 2), (0, 1, 2)))
        found = convolution.context.params["weight"].grad[a, b]
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-10)


def test_weight_gradient_of_groups_is_right_for_large_images_too() -> None:
    config = Conv2dConfig(filters=32, kernel_size=3, groups=2)
    convolution = conv_in_place(config, (26, 26, 16), 3)
    weight, _ = values(convolution)
    assert 24 * 24 * (weight[..., 0].size + 1) * 32 > SMALL
    rng = generator(0, "arrays")
    x, dy = rng.normal(size=(3, 26, 26, 16)), rng.normal(size=(3, 24, 24, 32))
    convolution.forward(x, training=True)
    convolution.backward(dy)
    for a, b, group in np.ndindex(3, 3, 2):
        seen = x[:, a : a + 24, b : b + 24, 8 * group : 8 * group + 8]
        filters = slice(16 * group, 16 * group + 16)
        expected = np.tensordot(seen, dy[..., filters], axes=((0, 1, 2), (0, 1, 2)))
        found = convolution.context.params["weight"].grad[a, b, :, filters]
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-10)


def test_plans_weight_and_bias_with_the_connections_of_a_window() -> None:
    plan = Conv2dConfig(filters=8, kernel_size=(3, 5), padding="same").plan((28, 28, 2))
    weight, bias = plan.params["weight"], plan.params["bias"]
    assert plan.output == (28, 28, 8)
    assert (weight.shape, weight.decay) == ((3, 5, 2, 8), True)
    assert (bias.shape, bias.decay) == ((8,), False)
    assert weight.fan == bias.fan == Fan(3 * 5 * 2, 3 * 5 * 8)


def test_without_a_bias_there_is_no_such_parameter() -> None:
    config = Conv2dConfig(filters=1, kernel_size=1, bias=False)
    assert list(config.plan((2, 2, 1)).params) == ["weight"]
    convolution = conv_in_place(config, (1, 1, 1), 1)
    convolution.context.params["weight"].value[...] = 2
    assert convolution.forward(np.full((1, 1, 1, 1), 3.0), training=False).item() == 6


def test_starts_by_the_activation_and_from_no_bias_unless_told_otherwise() -> None:
    plan = Conv2dConfig(filters=2, kernel_size=3).plan((5, 5, 1))
    assert plan.params["weight"].initializer == ByActivationConfig()
    assert plan.params["bias"].initializer == ZerosConfig()


def test_refuses_anything_but_images() -> None:
    with pytest.raises(ShapeError, match=r"conv2d expects images, .* found \(784,\)"):
        Conv2dConfig(filters=1, kernel_size=3).plan((784,))


def test_refuses_images_smaller_than_the_kernel() -> None:
    with pytest.raises(ShapeError, match="conv2d expects images of at least 3 by 3"):
        Conv2dConfig(filters=1, kernel_size=3).plan((5, 2, 1))
    with pytest.raises(ShapeError, match="at least 5 by 5"):
        Conv2dConfig(filters=1, kernel_size=3, dilation=2).plan((4, 9, 1))


def test_refuses_channels_that_make_no_equal_groups() -> None:
    with pytest.raises(ShapeError, match="groups = 2 expects a multiple of 2 channels; found 3"):
        Conv2dConfig(filters=2, kernel_size=1, groups=2).plan((5, 5, 3))
    with pytest.raises(ValidationError, match="a multiple of groups = 2 as filters, found 3"):
        Conv2dConfig(filters=3, kernel_size=1, groups=2)


@pytest.mark.parametrize("padding", [3, (0, 5), (7, 1)])
def test_refuses_padding_as_wide_as_the_kernel(padding: int | tuple[int, int]) -> None:
    with pytest.raises(ValidationError, match=r"expected less padding than .* \(3, 5\), found"):
        Conv2dConfig(filters=1, kernel_size=(3, 5), padding=padding)


@pytest.mark.parametrize(
    "options",
    [
        {"filters": 0},
        {"filters": 1.0},
        {"kernel_size": 0},
        {"stride": 0},
        {"padding": -1},
        {"dilation": 0},
        {"groups": 0},
        {"parametrization": "mean_field"},
    ],
)
def test_refuses_numbers_out_of_range(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(options))):
        Conv2dConfig.model_validate({"filters": 1, "kernel_size": 3, **options})
