from __future__ import annotations

import math

import numpy as np
import pytest
from layerkit_activations.selu import ALPHA, SCALE

from layerkit.testing import check_layer, curve
from layerkit.testing.sampling import FLOAT32


@pytest.mark.parametrize("shape", [(7,), (3, 2, 2)])
def test_keeps_the_contract_of_layers(shape: tuple[int, ...]) -> None:
    check_layer("selu", input_shape=shape)


def test_has_the_values_and_the_derivative_of_the_formula() -> None:
    x = [-5.0, -1.5, -0.3, 0.2, 1.0, 4.0]
    y, slope = curve("selu", x)
    assert y.tolist() == pytest.approx(
        [SCALE * (each if each > 0 else ALPHA * math.expm1(each)) for each in x], rel=1e-14
    )
    assert slope.tolist() == pytest.approx(
        [SCALE * (1 if each > 0 else ALPHA * math.exp(each)) for each in x], rel=1e-14
    )


def test_at_the_kinks_it_is_as_stated() -> None:
    y, slope = curve("selu", [0.0])
    assert y.tolist() == pytest.approx([0.0], abs=1e-15)
    assert slope.tolist() == pytest.approx([1.7580993408473766], abs=1e-15)


def test_is_right_far_from_0_in_float32() -> None:
    y, slope = curve("selu", [-1e30, -1e3, 1e3, 1e30], dtype=FLOAT32)
    assert y.tolist() == pytest.approx(
        [-1.7580993, -1.7580993, 1050.70099, 1.05070099e30], rel=1e-6, abs=1e-30
    )
    assert slope.tolist() == pytest.approx([0.0, 0.0, 1.05070099, 1.05070099], rel=1e-6, abs=1e-30)


def test_mean_0_and_variance_1_stay() -> None:
    """The fixed point that the constants were chosen for, by numerical integration."""
    x = np.linspace(-12, 12, 24_001)
    density = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    y, _ = curve("selu", x.tolist())
    assert np.trapezoid(y * density, x) == pytest.approx(0, abs=1e-6)
    assert np.trapezoid(y**2 * density, x) == pytest.approx(1, abs=1e-6)
