from __future__ import annotations

import math

import pytest
from layerkit_activations.celu import CeluConfig
from pydantic import ValidationError

from layerkit.testing import check_layer, curve
from layerkit.testing.sampling import FLOAT32


@pytest.mark.parametrize("shape", [(7,), (3, 2, 2)])
@pytest.mark.parametrize("options", [{}, {"alpha": 0.7}, {"alpha": 2}])
def test_keeps_the_contract_of_layers(shape: tuple[int, ...], options: dict[str, object]) -> None:
    check_layer({"type": "celu", **options}, input_shape=shape)


def test_has_the_values_and_the_derivative_of_the_formula() -> None:
    x = [-5.0, -1.5, -0.3, 0.2, 1.0, 4.0]
    y, slope = curve("celu", x)
    assert y.tolist() == pytest.approx(
        [each if each > 0 else math.expm1(each) for each in x], rel=1e-14
    )
    assert slope.tolist() == pytest.approx([math.exp(min(each, 0.0)) for each in x], rel=1e-14)


def test_is_right_far_from_0_in_float32() -> None:
    y, slope = curve("celu", [-1e30, -1e3, 1e3, 1e30], dtype=FLOAT32)
    assert y.tolist() == pytest.approx([-1.0, -1.0, 1e3, 1e30], rel=1e-6, abs=1e-30)
    assert slope.tolist() == pytest.approx([0.0, 0.0, 1.0, 1.0], rel=1e-6, abs=1e-30)


def test_the_derivative_is_1_at_0_whatever_alpha_is() -> None:
    y, slope = curve({"type": "celu", "alpha": 2.5}, [-1e3, -1.0, 0.0, 1.0])
    assert y.tolist() == pytest.approx([-2.5, 2.5 * math.expm1(-0.4), 0.0, 1.0])
    assert slope.tolist() == pytest.approx([0.0, math.exp(-0.4), 1.0, 1.0])


@pytest.mark.parametrize("alpha", [0.0, -1.0, "much"])
def test_alpha_is_within_its_range(alpha: object) -> None:
    with pytest.raises(ValidationError, match="alpha"):
        CeluConfig.model_validate({"alpha": alpha})
