from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Array, Shape
from layerkit.builtin.max_norm import MaxNormConfig
from layerkit.testing.constraint import check_constraint


def constrained(value: Array, limit: float) -> Array:
    MaxNormConfig(limit=limit).build(value).apply()
    return value


@pytest.mark.parametrize("limit", [1e-3, 1.0, 100.0])
@pytest.mark.parametrize("shape", [(7, 5), (1, 1), (11,), (3, 3, 2, 4)])
def test_keeps_the_contract_of_constraints(limit: float, shape: Shape) -> None:
    check_constraint({"type": "max_norm", "limit": limit}, shape=shape)


def test_only_units_that_are_too_long_are_scaled_down() -> None:
    value = constrained(np.array([[3.0, 0.3], [4.0, 0.4]]), 1.0)
    assert value[:, 0].tolist() == pytest.approx([0.6, 0.8], rel=1e-15)
    assert value[:, 1].tolist() == [0.3, 0.4]


def test_units_of_a_convolution_are_its_filters() -> None:
    value = constrained(np.ones((3, 3, 4, 2)), 3.0)
    np.testing.assert_allclose(np.sqrt((value**2).sum(axis=(0, 1, 2))), 3, rtol=1e-15)


def test_elements_of_a_bias_are_units_of_their_own() -> None:
    assert constrained(np.array([-5.0, 1.0]), 2.0).tolist() == [-2.0, 1.0]


def test_a_limit_is_above_zero() -> None:
    with pytest.raises(ValidationError, match="limit"):
        MaxNormConfig(limit=0)
