from __future__ import annotations

import numpy as np
import pytest
from layerkit_convolution.conv2d import Conv2dConfig
from layerkit_convolution.conv2d_transpose import Conv2dTransposeConfig
from layerkit_convolution.convolution import convolution, transposed_convolution, turned
from layerkit_convolution.windows import Slide

from layerkit.plugin import generator
from layerkit.testing.build import build_layer


@pytest.mark.parametrize("groups", [1, 2])
def test_the_gradient_of_the_input_is_that_of_every_output_added_up(groups: int) -> None:
    config = Conv2dConfig(filters=4, kernel_size=(3, 2), stride=(2, 3), padding=1, groups=groups)
    context = build_layer(config, input_shape=(6, 7, 2), batch_size=2).context
    rows, columns = slides = config.slides((6, 7, 2))
    layer, weight = convolution(slides, context, groups, 0.5), context.params["weight"].value
    rng = generator(0, "arrays")
    layer.forward(rng.normal(size=(2, 6, 7, 2)))
    dy = rng.normal(size=(2, *context.output_shape))
    dx = layer.backward(dy)
    padded = np.zeros((2, rows.padded, columns.padded, 2))
    for n, i, j, f in np.ndindex(dy.shape):
        group = f // (4 // groups)
        channels = slice(group * 2 // groups, (group + 1) * 2 // groups)
        top, left = i * rows.stride, j * columns.stride
        window = padded[n, top : top + 3, left : left + 2, channels]
        window += 0.5 * weight[..., f] * dy[n, i, j, f]
    assert dx is not None
    assert np.shares_memory(dx, context.input_grad)
    expected = padded[:, rows.elements, columns.elements]
    np.testing.assert_allclose(dx, expected, rtol=1e-13, atol=1e-13)


def test_a_transposed_convolution_goes_forward_as_a_convolution_goes_backward() -> None:
    config = Conv2dConfig(filters=3, kernel_size=3, stride=2, padding=1, bias=False)
    other = Conv2dTransposeConfig(filters=2, kernel_size=3, stride=2, padding=1, bias=False)
    context = build_layer(config, input_shape=(7, 7, 2), batch_size=2).context
    transposed = build_layer(other, input_shape=(4, 4, 3), batch_size=2).context
    transposed.params["weight"].value[...] = context.params["weight"].value
    layer = convolution(config.slides((7, 7, 2)), context, 1, 1.0)
    back = transposed_convolution(other.slides((4, 4, 3)), transposed, 1, 1.0)
    rng = generator(0, "arrays")
    x, y = rng.normal(size=(2, 7, 7, 2)), rng.normal(size=(2, 4, 4, 3))
    outputs, dx = layer.forward(x), layer.backward(y)
    found = back.forward(y)
    assert dx is not None
    np.testing.assert_allclose(found, dx, rtol=1e-13, atol=1e-13)
    dy = back.backward(x)
    assert dy is not None
    np.testing.assert_allclose(dy, outputs, rtol=1e-13, atol=1e-13)
    grads = (transposed.params["weight"].grad, context.params["weight"].grad)
    np.testing.assert_allclose(*grads, rtol=1e-13, atol=1e-13)


def test_follows_the_weight_as_it_changes() -> None:
    config = Conv2dConfig(filters=1, kernel_size=1, bias=False)
    context = build_layer(config, input_shape=(1, 1, 1), batch_size=1).context
    layer = convolution((Slide(1, 1, 1), Slide(1, 1, 1)), context, 1, 1.0)
    for value in (1.0, 2.0):
        context.params["weight"].value[...] = value
        assert layer.forward(np.full((1, 1, 1, 1), 3.0)).item() == 3 * value
        dx = layer.backward(np.full((1, 1, 1, 1), 5.0))
        assert dx is not None
        assert dx.item() == 5 * value


def test_a_weight_is_turned_round_without_a_copy() -> None:
    weight = np.arange(24.0).reshape(1, 2, 3, 2, 2)
    back = turned(weight)
    assert np.shares_memory(back, weight)
    for i, j, c, f in np.ndindex(2, 3, 2, 2):
        assert back[0, i, j, c, f] == weight[0, 1 - i, 2 - j, f, c]
