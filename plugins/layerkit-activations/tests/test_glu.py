from __future__ import annotations

import math

import numpy as np
import pytest
from layerkit_activations.glu import GluConfig

from layerkit.plugin import ShapeError
from layerkit.testing import build_layer, check_layer
from layerkit.testing.sampling import FLOAT32


@pytest.mark.parametrize("shape", [(6,), (2,), (3, 4), (3, 2, 2)])
def test_keeps_the_contract_of_layers(shape: tuple[int, ...]) -> None:
    check_layer("glu", input_shape=shape)


def test_the_second_half_gates_the_first() -> None:
    layer = build_layer(GluConfig(), input_shape=(4,), batch_size=1)
    y = layer.forward(np.array([[3.0, 4.0, 0.0, math.log(3)]]), training=True)
    np.testing.assert_allclose(y, [[1.5, 3.0]], rtol=1e-15)
    dx = layer.backward(np.array([[2.0, 1.0]]))
    assert dx is not None
    # dy * s, then dy * a * s * (1 - s) with s = 1/2 and 3/4
    np.testing.assert_allclose(dx, [[1.0, 0.75, 1.5, 0.75]], rtol=1e-14)


def test_halves_the_last_axis_alone() -> None:
    assert GluConfig().plan((28, 6)).output == (28, 3)


@pytest.mark.parametrize("size", [1e3, 1e30])
def test_is_right_far_from_0_in_float32(size: float) -> None:
    layer = build_layer(GluConfig(), input_shape=(4,), batch_size=1, dtype=FLOAT32)
    x = np.array([[size, size, -size, size]], np.float32)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        y = layer.forward(x, training=True)
        assert y.tolist() == [[0.0, pytest.approx(size)]]
        dx = layer.backward(np.ones((1, 2), np.float32))
    assert dx is not None
    assert dx.tolist() == [[0.0, 1.0, 0.0, 0.0]]


@pytest.mark.parametrize("shape", [(), (5,), (4, 3)])
def test_refuses_features_that_have_no_halves(shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=r"an even number of features .* found \("):
        GluConfig().plan(shape)
