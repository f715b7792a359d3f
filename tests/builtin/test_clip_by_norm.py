from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Array
from layerkit.builtin.clip_by_norm import ClipByNormConfig
from layerkit.testing.build import build_gradient_transform
from layerkit.testing.gradient_transform import check_gradient_transform


def clipped(*gradients: Array, max_norm: float) -> tuple[Array, ...]:
    build_gradient_transform(ClipByNormConfig(max_norm=max_norm)).apply(gradients, 1)
    return gradients


@pytest.mark.parametrize("scope", ["network", "parameter"])
@pytest.mark.parametrize("max_norm", [1e-3, 1.0, 100.0])
@pytest.mark.parametrize("shapes", [((7, 5), (11,)), ((3,),), ((2, 2, 3, 3), (1,), (4, 4))])
def test_keeps_the_contract_of_gradient_transforms(
    max_norm: float, shapes: tuple[tuple[int, ...], ...], scope: str
) -> None:
    table = {"type": "clip_by_norm", "max_norm": max_norm, "scope": scope}
    check_gradient_transform(table, shapes=shapes)


def test_all_gradients_together_have_the_norm() -> None:
    one, other = clipped(np.array([[3.0, 0.0]]), np.array([0.0, 4.0]), max_norm=1.0)
    assert one.tolist() == pytest.approx(np.array([[0.6, 0.0]]))
    assert other.tolist() == pytest.approx([0.0, 0.8])


def test_each_gradient_by_itself_has_the_norm() -> None:
    one, other = np.array([[3.0, 4.0]]), np.array([0.0, 0.5])
    config = ClipByNormConfig(max_norm=1.0, scope="parameter")
    build_gradient_transform(config).apply([one, other], 1)
    assert one.tolist() == pytest.approx(np.array([[0.6, 0.8]]))
    assert other.tolist() == [0.0, 0.5]


def test_a_short_gradient_keeps_its_bits() -> None:
    (gradient,) = clipped(np.array([3.0, 4.0]), max_norm=5.0)
    assert gradient.tolist() == [3.0, 4.0]


def test_gradients_whose_squares_overflow_are_clipped_too() -> None:
    (gradient,) = clipped(np.array([3e30, -4e30], np.float32), max_norm=1.0)
    assert gradient.tolist() == pytest.approx([0.6, -0.8], rel=1e-6)


@pytest.mark.parametrize("wrong", [float("inf"), float("-inf"), float("nan")])
def test_a_gradient_that_is_no_number_is_left_alone(wrong: float) -> None:
    one, other = clipped(np.array([wrong]), np.array([7.0]), max_norm=1.0)
    assert str(one[0]) == str(wrong)
    assert other.tolist() == [7.0]


def test_no_gradient_at_all_is_no_error() -> None:
    assert clipped(max_norm=1.0) == ()


def test_a_norm_is_above_zero() -> None:
    with pytest.raises(ValidationError, match="max_norm"):
        ClipByNormConfig(max_norm=0)
