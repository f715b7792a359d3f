from __future__ import annotations

import pytest
from layerkit_activations.hard_tanh import HardTanhConfig
from pydantic import ValidationError

from layerkit.plugin import LayerTraits
from layerkit.testing import check_layer, curve
from layerkit.testing.sampling import FLOAT32


@pytest.mark.parametrize("shape", [(7,), (3, 2, 2)])
@pytest.mark.parametrize("options", [{}, {"low": 0, "high": 0.5}])
def test_keeps_the_contract_of_layers(shape: tuple[int, ...], options: dict[str, object]) -> None:
    check_layer({"type": "hard_tanh", **options}, input_shape=shape)


def test_has_the_values_and_the_derivative_of_the_formula() -> None:
    x = [-5.0, -0.3, 0.2, 0.9, 1.5]
    y, slope = curve("hard_tanh", x)
    assert y.tolist() == pytest.approx([min(max(each, -1.0), 1.0) for each in x], rel=1e-14)
    assert slope.tolist() == pytest.approx([float(-1 < each < 1) for each in x], rel=1e-14)


def test_at_the_kinks_it_is_as_stated() -> None:
    y, slope = curve("hard_tanh", [-1.0, 1.0])
    assert y.tolist() == pytest.approx([-1.0, 1.0], abs=1e-15)
    assert slope.tolist() == pytest.approx([0.0, 0.0], abs=1e-15)


def test_is_right_far_from_0_in_float32() -> None:
    y, slope = curve("hard_tanh", [-1e30, -1e3, 1e3, 1e30], dtype=FLOAT32)
    assert y.tolist() == pytest.approx([-1.0, -1.0, 1.0, 1.0], rel=1e-6, abs=1e-30)
    assert slope.tolist() == pytest.approx([0.0, 0.0, 0.0, 0.0], rel=1e-6, abs=1e-30)


def test_the_ends_are_those_given() -> None:
    y, slope = curve({"type": "hard_tanh", "low": -3, "high": 0.5}, [-4.0, -2.0, 0.0, 1.0])
    assert y.tolist() == [-3.0, -2.0, 0.0, 0.5]
    assert slope.tolist() == [0.0, 1.0, 1.0, 0.0]


@pytest.mark.parametrize("high", [-1.0, -2.0])
def test_low_is_below_high(high: float) -> None:
    with pytest.raises(ValidationError, match=r"expected low below high, found -1\.0 and -"):
        HardTanhConfig(high=high)


def test_warnings_know_that_outputs_lie_between_minus_1_and_1() -> None:
    assert HardTanhConfig().traits() == LayerTraits(outputs="squashed")
    assert HardTanhConfig(high=1.5).traits() == LayerTraits()
