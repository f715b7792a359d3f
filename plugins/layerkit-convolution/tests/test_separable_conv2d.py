from __future__ import annotations

import numpy as np
import pytest
from layerkit_convolution.conv2d import Conv2dConfig
from layerkit_convolution.separable_conv2d import SeparableConv2dConfig
from pydantic import ValidationError

from layerkit.plugin import ShapeError, generator
from layerkit.testing import check_layer
from layerkit.testing.build import build_layer


@pytest.mark.parametrize(
    "options",
    [
        {"kernel_size": 3},
        {"kernel_size": [2, 3], "stride": [1, 2], "padding": [1, 0], "bias": False},
        {"kernel_size": 2, "dilation": 2, "multiplier": 2, "parametrization": "ntk"},
    ],
)
def test_keeps_the_contract_of_layers(options: dict[str, object]) -> None:
    check_layer({"type": "separable_conv2d", "filters": 3, **options}, input_shape=(5, 4, 2))


def test_is_a_convolution_whose_weight_is_a_product() -> None:
    own = SeparableConv2dConfig(filters=5, kernel_size=3, multiplier=2, padding="same", stride=2)
    separable = build_layer(own, input_shape=(6, 5, 3), batch_size=2)
    other = Conv2dConfig(filters=5, kernel_size=3, padding="same", stride=2)
    whole = build_layer(other, input_shape=(6, 5, 3), batch_size=2)
    params, path = separable.context.memory.params, separable.context.path
    depthwise = params[f"{path}.depthwise.weight"].value
    pointwise = params[f"{path}.pointwise.weight"].value.reshape(3, 2, 5)
    weight, bias = (whole.context.params[name].value for name in ("weight", "bias"))
    weight[...] = np.einsum("abcm,cmf->abcf", depthwise, pointwise)
    bias[...] = params[f"{path}.pointwise.bias"].value
    x = generator(0, "x").normal(size=(2, 6, 5, 3))
    expected = whole.forward(x, training=True)
    found = separable.forward(x, training=True)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_has_one_bias_and_far_fewer_weights_than_a_convolution() -> None:
    plan = SeparableConv2dConfig(filters=64, kernel_size=3).plan((8, 8, 32))
    assert plan.output == (6, 6, 64)
    assert {path: param.shape for path, param in plan.all_params()} == {
        "depthwise.weight": (3, 3, 32, 1),
        "pointwise.weight": (1, 1, 32, 64),
        "pointwise.bias": (64,),
    }
    without = SeparableConv2dConfig(filters=64, kernel_size=3, bias=False).plan((8, 8, 32))
    assert [path for path, _ in without.all_params()] == ["depthwise.weight", "pointwise.weight"]


def test_errors_are_told_in_its_own_name() -> None:
    with pytest.raises(ShapeError, match=r"^separable_conv2d expects images, shape"):
        SeparableConv2dConfig(filters=1, kernel_size=3).plan((9, 4))
    with pytest.raises(ShapeError, match=r"^separable_conv2d expects images of at least 3 by 3"):
        SeparableConv2dConfig(filters=1, kernel_size=3).plan((9, 2, 4))
    with pytest.raises(ValidationError, match="less padding"):
        SeparableConv2dConfig(filters=1, kernel_size=3, padding=3)
