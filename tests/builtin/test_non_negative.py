from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Shape
from layerkit.builtin.non_negative import NonNegativeConfig
from layerkit.testing.constraint import check_constraint


@pytest.mark.parametrize("shape", [(7, 5), (11,), (3, 3, 2, 4)])
def test_keeps_the_contract_of_constraints(shape: Shape) -> None:
    check_constraint("non_negative", shape=shape)


def test_what_is_below_0_becomes_0_and_the_rest_keeps_its_bits() -> None:
    value = np.array([[-1.0, 0.1], [1e-300, -1e-300]])
    NonNegativeConfig().build(value).apply()
    assert value.tolist() == [[0.0, 0.1], [1e-300, 0.0]]
