from __future__ import annotations

import numpy as np
import pytest
from layerkit_convolution.conv2d import Conv2dConfig
from layerkit_convolution.depthwise_conv2d import DepthwiseConv2dConfig
from pydantic import ValidationError

from layerkit.plugin import Fan, ShapeError, generator
from layerkit.testing import check_layer
from layerkit.testing.build import build_layer


@pytest.mark.parametrize(
    "options",
    [
        {"kernel_size": 3},
        {"kernel_size": [2, 3], "stride": [1, 2], "padding": [1, 0], "bias": False},
        {"kernel_size": 2, "dilation": 2, "multiplier": 3, "parametrization": "ntk"},
    ],
)
def test_keeps_the_contract_of_layers(options: dict[str, object]) -> None:
    check_layer({"type": "depthwise_conv2d", **options}, input_shape=(5, 4, 3))


def test_every_channel_has_filters_of_its_own_side_by_side() -> None:
    config = DepthwiseConv2dConfig(kernel_size=1, multiplier=2, bias=False)
    layer = build_layer(config, input_shape=(1, 1, 2), batch_size=1)
    layer.context.params["weight"].value[...] = [[[[1.0, 10.0], [100.0, 1000.0]]]]
    y = layer.forward(np.array([[[[3.0, 5.0]]]]), training=True)
    assert y.tolist() == [[[[3, 30, 500, 5000]]]]


def test_is_a_convolution_with_as_many_groups_as_channels() -> None:
    own = DepthwiseConv2dConfig(kernel_size=3, multiplier=2, stride=2, padding="same")
    other = Conv2dConfig(filters=6, kernel_size=3, groups=3, stride=2, padding="same")
    first = build_layer(own, input_shape=(5, 6, 3), batch_size=2)
    second = build_layer(other, input_shape=(5, 6, 3), batch_size=2)
    for name in ("weight", "bias"):
        value = second.context.params[name].value
        value[...] = first.context.params[name].value.reshape(value.shape)
    x = generator(0, "x").normal(size=(2, 5, 6, 3))
    expected = second.forward(x, training=True)
    np.testing.assert_allclose(first.forward(x, training=True), expected, rtol=1e-13, atol=1e-13)


def test_a_filter_is_connected_to_one_channel() -> None:
    plan = DepthwiseConv2dConfig(kernel_size=3, multiplier=2).plan((9, 9, 4))
    assert plan.output == (7, 7, 8)
    assert (plan.params["weight"].shape, plan.params["weight"].fan) == ((3, 3, 4, 2), Fan(9, 18))
    assert plan.params["bias"].shape == (8,)


def test_refuses_what_it_cannot_work_on() -> None:
    with pytest.raises(ShapeError, match="depthwise_conv2d expects images, shape"):
        DepthwiseConv2dConfig(kernel_size=3).plan((9, 4))
    with pytest.raises(ShapeError, match="depthwise_conv2d expects images of at least 3 by 3"):
        DepthwiseConv2dConfig(kernel_size=3).plan((2, 9, 4))
    with pytest.raises(ValidationError, match="multiplier"):
        DepthwiseConv2dConfig(kernel_size=3, multiplier=0)
    with pytest.raises(ValidationError, match="less padding"):
        DepthwiseConv2dConfig(kernel_size=3, padding=3)
