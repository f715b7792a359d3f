from __future__ import annotations

import math

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import FloatType, Shape
from layerkit.builtin.smooth_clip import SmoothClipConfig
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer
from layerkit.testing.sampling import DTYPES


@pytest.mark.parametrize("shape", [(), (7,), (2, 3, 2)])
@pytest.mark.parametrize("bound", [3.0, 0.5])
def test_keeps_the_contract_of_layers(shape: Shape, bound: float) -> None:
    check_layer({"type": "smooth_clip", "bound": bound}, input_shape=shape)


def test_values_by_hand() -> None:
    layer = build_layer(SmoothClipConfig(), input_shape=(4,))
    y = layer.forward(np.array([[0.0, 3.0, -4.0, 0.01]]), training=False)
    expected = [0.0, 3 / math.sqrt(2), -2.4, 0.01 / math.sqrt(1 + 1e-4 / 9)]
    np.testing.assert_allclose(y[0], expected, rtol=1e-15)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.filterwarnings("error")
def test_the_largest_numbers_come_to_the_bound_and_have_no_gradient(dtype: FloatType) -> None:
    layer = build_layer(SmoothClipConfig(), input_shape=(2,), dtype=dtype)
    most = np.finfo(dtype).max
    y = layer.forward(np.array([[most, -most]], dtype), training=True)
    np.testing.assert_allclose(y, [[3.0, -3.0]], rtol=1e-6)
    with np.errstate(under="ignore"):
        dx = layer.backward(np.ones((1, 2), dtype))
    assert dx is not None
    assert dx.tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize("bound", [0, -1.0, True, "3"])
def test_the_bound_is_a_number_above_0(bound: object) -> None:
    with pytest.raises(ValidationError, match="bound"):
        SmoothClipConfig.model_validate({"bound": bound})
