from __future__ import annotations

import pytest
from layerkit_activations.leaky_relu import LeakyReluConfig
from pydantic import ValidationError

from layerkit.testing import check_layer, curve
from layerkit.testing.sampling import FLOAT32


@pytest.mark.parametrize("shape", [(7,), (3, 2, 2)])
@pytest.mark.parametrize("options", [{}, {"negative_slope": 0.3}, {"negative_slope": 1}])
def test_keeps_the_contract_of_layers(shape: tuple[int, ...], options: dict[str, object]) -> None:
    check_layer({"type": "leaky_relu", **options}, input_shape=shape)


def test_has_the_values_and_the_derivative_of_the_formula() -> None:
    x = [-5.0, -1.5, -0.3, 0.2, 1.0, 4.0]
    y, slope = curve("leaky_relu", x)
    assert y.tolist() == pytest.approx([max(each, 0.01 * each) for each in x], rel=1e-14)
    assert slope.tolist() == pytest.approx([1.0 if each > 0 else 0.01 for each in x], rel=1e-14)


def test_at_the_kinks_it_is_as_stated() -> None:
    y, slope = curve("leaky_relu", [0.0])
    assert y.tolist() == pytest.approx([0.0], abs=1e-15)
    assert slope.tolist() == pytest.approx([0.01], abs=1e-15)


def test_is_right_far_from_0_in_float32() -> None:
    y, slope = curve("leaky_relu", [-1e30, -1e3, 1e3, 1e30], dtype=FLOAT32)
    assert y.tolist() == pytest.approx([-1e28, -10.0, 1e3, 1e30], rel=1e-6, abs=1e-30)
    assert slope.tolist() == pytest.approx([0.01, 0.01, 1.0, 1.0], rel=1e-6, abs=1e-30)


@pytest.mark.parametrize("negative_slope", [-0.1, 1.5, "steep"])
def test_negative_slope_is_within_its_range(negative_slope: object) -> None:
    with pytest.raises(ValidationError, match="negative_slope"):
        LeakyReluConfig.model_validate({"negative_slope": negative_slope})
