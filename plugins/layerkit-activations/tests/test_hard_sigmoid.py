from __future__ import annotations

import pytest
from layerkit_activations.hard_sigmoid import HardSigmoidConfig

from layerkit.plugin import LayerTraits
from layerkit.testing import check_layer, curve
from layerkit.testing.sampling import FLOAT32


@pytest.mark.parametrize("shape", [(7,), (3, 2, 2)])
def test_keeps_the_contract_of_layers(shape: tuple[int, ...]) -> None:
    check_layer("hard_sigmoid", input_shape=shape)


def test_has_the_values_and_the_derivative_of_the_formula() -> None:
    x = [-5.0, -2.5, -0.3, 0.2, 2.9, 4.0]
    y, slope = curve("hard_sigmoid", x)
    assert y.tolist() == pytest.approx([min(max(each + 3, 0), 6) / 6 for each in x], rel=1e-14)
    assert slope.tolist() == pytest.approx([float(-3 < each < 3) / 6 for each in x], rel=1e-14)


def test_at_the_kinks_it_is_as_stated() -> None:
    y, slope = curve("hard_sigmoid", [-3.0, 3.0])
    assert y.tolist() == pytest.approx([0.0, 1.0], abs=1e-15)
    assert slope.tolist() == pytest.approx([0.0, 0.0], abs=1e-15)


def test_is_right_far_from_0_in_float32() -> None:
    y, slope = curve("hard_sigmoid", [-1e30, -1e3, 1e3, 1e30], dtype=FLOAT32)
    assert y.tolist() == pytest.approx([0.0, 0.0, 1.0, 1.0], rel=1e-6, abs=1e-30)
    assert slope.tolist() == pytest.approx([0.0, 0.0, 0.0, 0.0], rel=1e-6, abs=1e-30)


def test_warnings_know_that_outputs_lie_between_minus_1_and_1() -> None:
    assert HardSigmoidConfig().traits() == LayerTraits(outputs="squashed")
