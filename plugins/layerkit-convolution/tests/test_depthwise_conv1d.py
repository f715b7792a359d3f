from __future__ import annotations

import numpy as np
import pytest
from layerkit_convolution.depthwise_conv1d import DepthwiseConv1dConfig
from layerkit_convolution.depthwise_conv2d import DepthwiseConv2dConfig
from pydantic import ValidationError

from layerkit.plugin import Fan, ShapeError, generator
from layerkit.testing import check_layer
from layerkit.testing.build import build_layer


@pytest.mark.parametrize(
    "options",
    [
        {"kernel_size": 3},
        {"kernel_size": 3, "padding": "causal", "dilation": 2, "multiplier": 2},
        {"kernel_size": 2, "stride": 2, "padding": "same", "parametrization": "ntk"},
    ],
)
def test_keeps_the_contract_of_layers(options: dict[str, object]) -> None:
    check_layer({"type": "depthwise_conv1d", **options}, input_shape=(7, 3))


def test_is_that_of_an_image_of_one_row() -> None:
    own = DepthwiseConv1dConfig(kernel_size=3, multiplier=2, stride=2)
    other = DepthwiseConv2dConfig(kernel_size=(1, 3), multiplier=2, stride=(1, 2))
    first = build_layer(own, input_shape=(8, 2), batch_size=4)
    second = build_layer(other, input_shape=(1, 8, 2), batch_size=4)
    for name in ("weight", "bias"):
        value = second.context.params[name].value
        value[...] = first.context.params[name].value.reshape(value.shape)
    x = generator(0, "x").normal(size=(4, 8, 2))
    expected = second.forward(x[:, np.newaxis], training=True)
    assert np.array_equal(first.forward(x, training=True), expected[:, 0])


def test_steps_that_do_not_count_are_zeros() -> None:
    config = DepthwiseConv1dConfig(kernel_size=3, padding="same")
    mask = np.array([[1.0, 1.0, 0.0, 0.0]])
    masked = build_layer(config, input_shape=(4, 2), batch_size=1, mask=mask)
    plain = build_layer(config, input_shape=(4, 2), batch_size=1)
    x = generator(0, "x").normal(size=(1, 4, 2))
    y = masked.forward(x, training=True)
    assert np.array_equal(y, plain.forward(x * mask[..., np.newaxis], training=True))
    assert masked.mask is not None
    assert masked.mask.tolist() == mask.tolist()
    dx = masked.backward(np.ones((1, 4, 2)))
    assert dx is not None
    assert dx[0].any(axis=1).tolist() == [True, True, False, False]


def test_plans_a_filter_for_one_channel_and_refuses_other_shapes() -> None:
    plan = DepthwiseConv1dConfig(kernel_size=3, multiplier=2).plan((9, 4))
    assert plan.output == (7, 8)
    assert (plan.params["weight"].shape, plan.params["weight"].fan) == ((3, 4, 2), Fan(3, 6))
    with pytest.raises(ShapeError, match="depthwise_conv1d expects sequences, shape"):
        DepthwiseConv1dConfig(kernel_size=3).plan((9, 9, 4))
    with pytest.raises(ShapeError, match="depthwise_conv1d expects sequences of at least 3 steps"):
        DepthwiseConv1dConfig(kernel_size=3).plan((2, 4))
    with pytest.raises(ValidationError, match="less padding"):
        DepthwiseConv1dConfig(kernel_size=3, padding=3)
