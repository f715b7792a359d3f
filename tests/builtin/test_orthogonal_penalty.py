from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.orthogonal_penalty import OrthogonalConfig
from layerkit.testing.regularizer import check_regularizer


@pytest.mark.parametrize("strength", [0.0, 1e-3, 0.5])
def test_keeps_the_contract_of_regularizers(strength: float) -> None:
    shapes = ((7, 5), (5, 7), (4, 4), (11,), (3, 3, 2, 4))
    check_regularizer({"type": "orthogonal", "strength": strength}, shapes=shapes)


def test_penalty_and_gradient_are_those_worked_out_by_hand() -> None:
    value, grad = np.array([[2.0, 0.0], [0.0, 1.0], [0.0, 1.0]]), np.ones((3, 2))
    penalty = OrthogonalConfig(strength=0.1).build().penalize(value, grad, np.zeros((3, 2)))
    # W^T W is diagonal: 4 and 2
    assert penalty == pytest.approx(0.1 * (3**2 + 1**2))
    np.testing.assert_allclose(grad, [[1 + 0.4 * 6, 1], [1, 1.4], [1, 1.4]], rtol=1e-15)


def test_orthogonal_units_or_inputs_have_no_penalty() -> None:
    turned = np.array([[0.6, 0.8], [-0.8, 0.6], [0.0, 0.0]])
    for value in (turned, np.ascontiguousarray(turned.T)):
        grad = np.zeros_like(value)
        penalty = OrthogonalConfig(strength=1.0).build().penalize(value, grad, np.zeros_like(value))
        assert penalty == pytest.approx(0, abs=1e-30)
        np.testing.assert_allclose(grad, 0, atol=1e-15)


def test_strength_is_a_number_from_zero() -> None:
    with pytest.raises(ValidationError, match="strength"):
        OrthogonalConfig(strength=-1e-4)
