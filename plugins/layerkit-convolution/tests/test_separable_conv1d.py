from __future__ import annotations

import numpy as np
import pytest
from layerkit_convolution.conv1d import Conv1dConfig
from layerkit_convolution.separable_conv1d import SeparableConv1dConfig
from pydantic import ValidationError

from layerkit.plugin import ShapeError, generator
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
    check_layer({"type": "separable_conv1d", "filters": 4, **options}, input_shape=(7, 3))


def test_is_a_convolution_whose_weight_is_a_product_with_masks_too() -> None:
    mask = np.array([[1.0, 1.0, 1.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0, 1.0]])
    own = SeparableConv1dConfig(filters=5, kernel_size=3, multiplier=2, stride=2)
    separable = build_layer(own, input_shape=(5, 3), batch_size=2, mask=mask)
    other = Conv1dConfig(filters=5, kernel_size=3, stride=2)
    whole = build_layer(other, input_shape=(5, 3), batch_size=2, mask=mask)
    params, path = separable.context.memory.params, separable.context.path
    depthwise = params[f"{path}.depthwise.weight"].value
    pointwise = params[f"{path}.pointwise.weight"].value.reshape(3, 2, 5)
    weight, bias = (whole.context.params[name].value for name in ("weight", "bias"))
    weight[...] = np.einsum("acm,cmf->acf", depthwise, pointwise)
    bias[...] = params[f"{path}.pointwise.bias"].value
    x = generator(0, "x").normal(size=(2, 5, 3))
    expected = whole.forward(x, training=True)
    found = separable.forward(x, training=True)
    assert separable.mask is not None
    assert whole.mask is not None
    assert separable.mask.tolist() == whole.mask.tolist() == [[1, 1], [1, 1]]
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_errors_are_told_in_its_own_name() -> None:
    with pytest.raises(ShapeError, match=r"^separable_conv1d expects sequences, shape"):
        SeparableConv1dConfig(filters=1, kernel_size=3).plan((9, 9, 4))
    with pytest.raises(ShapeError, match=r"^separable_conv1d expects sequences of at least 3 st"):
        SeparableConv1dConfig(filters=1, kernel_size=3).plan((2, 4))
    with pytest.raises(ValidationError, match="less padding"):
        SeparableConv1dConfig(filters=1, kernel_size=3, padding=3)
