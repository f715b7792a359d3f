from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.l2 import L2, L2Config
from layerkit.contracts.layer_context import Parameter
from layerkit.testing.regularizer import check_regularizer


@pytest.mark.parametrize("strength", [0.0, 1e-4, 2.0])
def test_keeps_the_contract_of_regularizers(strength: float) -> None:
    check_regularizer({"type": "l2", "strength": strength})


def test_penalty_is_half_the_sum_of_squares_and_its_gradient_the_values() -> None:
    parameter = Parameter(np.array([[3.0, -2.0], [0.0, 1.0]]), np.array([[1.0, 1.0], [1.0, 1.0]]))
    penalty = L2(L2Config(strength=0.1)).penalize(
        parameter.value.reshape(-1), parameter.grad.reshape(-1), np.zeros(4)
    )
    assert penalty == pytest.approx(0.7)
    assert parameter.grad == pytest.approx(np.array([[1.3, 0.8], [1.0, 1.1]]))


def test_strength_is_a_number_from_zero() -> None:
    with pytest.raises(ValidationError, match="strength"):
        L2Config(strength=-1e-4)
