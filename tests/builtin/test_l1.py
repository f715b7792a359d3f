from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.l1 import L1, L1Config
from layerkit.contracts import Parameter
from layerkit.testing import check_regularizer


@pytest.mark.parametrize("strength", [0.0, 1e-4, 2.0])
def test_keeps_the_contract_of_regularizers(strength: float) -> None:
    check_regularizer({"type": "l1", "strength": strength})


def test_penalty_is_the_sum_of_magnitudes_and_its_gradient_their_signs() -> None:
    parameter = Parameter(np.array([[3.0, -2.0], [0.0, 0.5]]), np.array([[1.0, 1.0], [1.0, 1.0]]))
    assert L1(L1Config(strength=0.1), [parameter]).apply() == pytest.approx(0.55)
    assert parameter.grad == pytest.approx(np.array([[1.1, 0.9], [1.0, 1.1]]))


def test_several_parameters_add_up() -> None:
    parameters = [Parameter(np.full(n, -1.0), np.zeros(n)) for n in (2, 3)]
    assert L1(L1Config(strength=1.0), parameters).apply() == pytest.approx(5)


def test_strength_is_a_number_from_zero() -> None:
    with pytest.raises(ValidationError, match="strength"):
        L1Config(strength=-1e-4)
