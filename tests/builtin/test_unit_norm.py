from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Array, Shape
from layerkit.builtin.unit_norm import UnitNormConfig
from layerkit.testing.constraint import check_constraint


def constrained(value: Array) -> Array:
    UnitNormConfig().build(value).apply()
    return value


@pytest.mark.parametrize("shape", [(7, 5), (1, 1), (11,), (3, 3, 2, 4)])
def test_keeps_the_contract_of_constraints(shape: Shape) -> None:
    check_constraint("unit_norm", shape=shape)


def test_every_unit_gets_a_norm_of_1_and_0_stays_0() -> None:
    value = constrained(np.array([[3.0, 0.03, 0.0], [4.0, 0.04, 0.0]]))
    np.testing.assert_allclose(value, [[0.6, 0.6, 0.0], [0.8, 0.8, 0.0]], rtol=1e-15)


def test_units_of_a_convolution_are_its_filters() -> None:
    value = constrained(np.ones((3, 3, 4, 2)))
    np.testing.assert_allclose(np.sqrt((value**2).sum(axis=(0, 1, 2))), 1, rtol=1e-15)
