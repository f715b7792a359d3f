from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from layerkit_activations.gelu import GeluConfig
from pydantic import ValidationError

from layerkit.testing import check_layer, curve
from layerkit.testing.sampling import FLOAT32


@pytest.mark.parametrize("shape", [(7,), (3, 2, 2)])
@pytest.mark.parametrize("options", [{}, {"approximate": "tanh"}])
def test_keeps_the_contract_of_layers(shape: tuple[int, ...], options: dict[str, object]) -> None:
    check_layer({"type": "gelu", **options}, input_shape=shape)


def cdf(x: float) -> float:
    return math.erfc(-x / math.sqrt(2)) / 2


def test_has_the_values_and_the_derivative_of_the_formula() -> None:
    x = [-5.0, -1.5, -0.3, 0.2, 1.0, 4.0]
    y, slope = curve("gelu", x)
    assert y.tolist() == pytest.approx([each * cdf(each) for each in x], rel=1e-14)
    assert slope.tolist() == pytest.approx(
        [cdf(each) + each * NormalDist().pdf(each) for each in x], rel=1e-14
    )


def test_is_right_far_from_0_in_float32() -> None:
    y, slope = curve("gelu", [-1e30, -1e3, 1e3, 1e30], dtype=FLOAT32)
    assert y.tolist() == pytest.approx([0.0, 0.0, 1e3, 1e30], rel=1e-6, abs=1e-30)
    assert slope.tolist() == pytest.approx([0.0, 0.0, 1.0, 1.0], rel=1e-6, abs=1e-30)


def test_keeps_its_digits_where_it_is_tiny() -> None:
    y, _ = curve("gelu", [-10.0, -20.0])
    assert y.tolist() == pytest.approx([-10 * cdf(-10), -20 * cdf(-20)], rel=1e-12, abs=0)


def test_the_approximation_is_that_of_a_hyperbolic_tangent() -> None:
    x = [-5.0, -1.5, -0.3, 0.2, 1.0, 4.0]
    inner = [math.sqrt(2 / math.pi) * (each + 0.044715 * each**3) for each in x]
    expected = [each / 2 * (1 + math.tanh(u)) for each, u in zip(x, inner, strict=True)]
    y, _ = curve({"type": "gelu", "approximate": "tanh"}, x)
    assert y.tolist() == pytest.approx(expected, rel=1e-9)
    exact, _ = curve("gelu", x)
    assert y.tolist() == pytest.approx(exact.tolist(), abs=5e-4)


def test_the_approximation_is_right_far_from_0_in_float32() -> None:
    x = [-1e30, -1e3, 1e3, 1e30]
    y, slope = curve({"type": "gelu", "approximate": "tanh"}, x, dtype=FLOAT32)
    assert y.tolist() == pytest.approx([0.0, 0.0, 1e3, 1e30], rel=1e-6, abs=1e-30)
    assert slope.tolist() == [0.0, 0.0, 1.0, 1.0]


def test_works_on_more_values_than_fit_into_a_block() -> None:
    x = np.linspace(-6, 6, 10_001)
    y, _ = curve("gelu", x.tolist())
    assert y.tolist() == pytest.approx([each * cdf(each) for each in x.tolist()], rel=1e-13)


@pytest.mark.parametrize("approximate", ["sigmoid", True])
def test_approximate_is_within_its_range(approximate: object) -> None:
    with pytest.raises(ValidationError, match="approximate"):
        GeluConfig.model_validate({"approximate": approximate})
