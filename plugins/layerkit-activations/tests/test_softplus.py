from __future__ import annotations

import math

import pytest
from layerkit_activations.softplus import SoftplusConfig
from pydantic import ValidationError

from layerkit.testing import check_layer, curve
from layerkit.testing.sampling import FLOAT32


@pytest.mark.parametrize("shape", [(7,), (3, 2, 2)])
@pytest.mark.parametrize("options", [{}, {"beta": 0.3}, {"beta": 5}])
def test_keeps_the_contract_of_layers(shape: tuple[int, ...], options: dict[str, object]) -> None:
    check_layer({"type": "softplus", **options}, input_shape=shape)


def test_has_the_values_and_the_derivative_of_the_formula() -> None:
    x = [-5.0, -1.5, -0.3, 0.2, 1.0, 4.0]
    y, slope = curve("softplus", x)
    assert y.tolist() == pytest.approx([math.log(1 + math.exp(each)) for each in x], rel=1e-14)
    assert slope.tolist() == pytest.approx([1 / (1 + math.exp(-each)) for each in x], rel=1e-14)


def test_is_right_far_from_0_in_float32() -> None:
    y, slope = curve("softplus", [-1e30, -1e3, 1e3, 1e30], dtype=FLOAT32)
    assert y.tolist() == pytest.approx([0.0, 0.0, 1e3, 1e30], rel=1e-6, abs=1e-30)
    assert slope.tolist() == pytest.approx([0.0, 0.0, 1.0, 1.0], rel=1e-6, abs=1e-30)


def test_beta_makes_the_bend_sharper() -> None:
    y, slope = curve({"type": "softplus", "beta": 4}, [0.0, 0.5])
    assert y.tolist() == pytest.approx([math.log(2) / 4, math.log(1 + math.exp(2)) / 4], rel=1e-14)
    assert slope.tolist() == pytest.approx([0.5, 1 / (1 + math.exp(-2))], rel=1e-14)


def test_the_formula_holds_beyond_20_and_far_below_0() -> None:
    y, _ = curve("softplus", [21.0, -40.0])
    assert y[0] - 21 == pytest.approx(math.exp(-21), rel=1e-5)
    assert y[1] == pytest.approx(math.exp(-40), rel=1e-14, abs=0)


@pytest.mark.parametrize("beta", [0.0, -1.0, "sharp"])
def test_beta_is_within_its_range(beta: object) -> None:
    with pytest.raises(ValidationError, match="beta"):
        SoftplusConfig.model_validate({"beta": beta})
