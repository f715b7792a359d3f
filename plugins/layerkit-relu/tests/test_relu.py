from __future__ import annotations

import numpy as np
import pytest
from layerkit_relu.relu import ReluConfig

from layerkit.plugin import Layer, LayerConfig
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer


def relu_of_row(units: int) -> Layer[LayerConfig]:
    dtype = np.dtype(np.float32)
    return build_layer(ReluConfig(), input_shape=(units,), batch_size=1, dtype=dtype)


@pytest.mark.parametrize("shape", [(7,), (3, 2, 2)])
def test_keeps_the_contract_of_layers(shape: tuple[int, ...]) -> None:
    check_layer("relu", input_shape=shape)


def test_lets_positive_values_through_and_their_gradient_alone() -> None:
    relu = relu_of_row(4)
    y = relu.forward(np.array([[-2.0, 0.0, 0.5, 3.0]], np.float32), training=True)
    assert y.tolist() == [[0.0, 0.0, 0.5, 3.0]]
    dx = relu.backward(np.full((1, 4), 7, np.float32))
    assert dx is not None
    assert dx.tolist() == [[0.0, 0.0, 7.0, 7.0]]
