from __future__ import annotations

import pytest

from layerkit.testing import check_layer, curve
from layerkit.testing.sampling import FLOAT32


@pytest.mark.parametrize("shape", [(7,), (3, 2, 2)])
def test_keeps_the_contract_of_layers(shape: tuple[int, ...]) -> None:
    check_layer("relu6", input_shape=shape)


def test_has_the_values_and_the_derivative_of_the_formula() -> None:
    x = [-5.0, -0.3, 0.2, 5.0, 7.0]
    y, slope = curve("relu6", x)
    assert y.tolist() == pytest.approx([min(max(each, 0.0), 6.0) for each in x], rel=1e-14)
    assert slope.tolist() == pytest.approx([float(0 < each < 6) for each in x], rel=1e-14)


def test_at_the_kinks_it_is_as_stated() -> None:
    y, slope = curve("relu6", [0.0, 6.0])
    assert y.tolist() == pytest.approx([0.0, 6.0], abs=1e-15)
    assert slope.tolist() == pytest.approx([0.0, 0.0], abs=1e-15)


def test_is_right_far_from_0_in_float32() -> None:
    y, slope = curve("relu6", [-1e30, -1e3, 1e3, 1e30], dtype=FLOAT32)
    assert y.tolist() == pytest.approx([0.0, 0.0, 6.0, 6.0], rel=1e-6, abs=1e-30)
    assert slope.tolist() == pytest.approx([0.0, 0.0, 0.0, 0.0], rel=1e-6, abs=1e-30)
