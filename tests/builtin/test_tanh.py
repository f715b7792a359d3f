from __future__ import annotations

import math

import numpy as np
import pytest

from layerkit.builtin.tanh import TanhConfig
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer


@pytest.mark.parametrize("shape", [(7,), (3, 2, 2)])
def test_keeps_the_contract_of_layers(shape: tuple[int, ...]) -> None:
    check_layer("tanh", input_shape=shape)


def test_values_and_derivatives_are_those_of_the_formula() -> None:
    tanh = build_layer(TanhConfig(), input_shape=(3,), batch_size=1)
    y = tanh.forward(np.array([[0.0, 0.5, -2.0]]), training=True)
    expected = [(math.exp(x) - math.exp(-x)) / (math.exp(x) + math.exp(-x)) for x in (0, 0.5, -2)]
    assert y[0] == pytest.approx(expected, rel=1e-14)
    dx = tanh.backward(np.array([[1.0, 2.0, 3.0]]))
    assert dx is not None
    slopes = [1 / math.cosh(x) ** 2 for x in (0, 0.5, -2)]
    assert dx[0] == pytest.approx([slopes[0], 2 * slopes[1], 3 * slopes[2]], rel=1e-14)
