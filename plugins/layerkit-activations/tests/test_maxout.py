from __future__ import annotations

import numpy as np
import pytest
from layerkit_activations.maxout import MaxoutConfig
from pydantic import ValidationError

from layerkit.plugin import ShapeError
from layerkit.testing import build_layer, check_layer
from layerkit.testing.sampling import FLOAT32


@pytest.mark.parametrize("pieces", [2, 3])
@pytest.mark.parametrize("shape", [(6,), (3, 12), (3, 2, 6)])
def test_keeps_the_contract_of_layers(shape: tuple[int, ...], pieces: int) -> None:
    check_layer(MaxoutConfig(pieces=pieces), input_shape=shape)


def test_puts_out_the_largest_of_neighbours_and_the_first_of_several_gets_the_gradient() -> None:
    layer = build_layer(MaxoutConfig(pieces=3), input_shape=(6,), batch_size=1)
    y = layer.forward(np.array([[1.0, 5.0, 3.0, -2.0, -7.0, -2.0]]), training=True)
    assert y.tolist() == [[5.0, -2.0]]
    dx = layer.backward(np.array([[10.0, 20.0]]))
    assert dx is not None
    assert dx.tolist() == [[0.0, 10.0, 0.0, 20.0, 0.0, 0.0]]


def test_is_right_far_from_0_in_float32() -> None:
    layer = build_layer(MaxoutConfig(), input_shape=(4,), batch_size=1, dtype=FLOAT32)
    x = np.array([[-1e30, -1e3, 1e3, 1e30]], np.float32)
    assert layer.forward(x, training=True).tolist() == [[-1e3, x[0, 3]]]


@pytest.mark.parametrize("shape", [(), (5,), (4, 7)])
def test_refuses_features_that_pieces_do_not_divide(shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=r"a multiple of pieces = 2, shape .* found \("):
        MaxoutConfig().plan(shape)


@pytest.mark.parametrize("pieces", [1, 0, 2.0, "two"])
def test_pieces_are_an_integer_from_2(pieces: object) -> None:
    with pytest.raises(ValidationError, match="pieces"):
        MaxoutConfig.model_validate({"pieces": pieces})
