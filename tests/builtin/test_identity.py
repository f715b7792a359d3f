from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.identity import Identity, IdentityConfig
from layerkit.contracts.initializer import Fan
from layerkit.randomness import generator
from layerkit.testing.initializer import check_initializer


def test_keeps_the_contract_of_initializers() -> None:
    check_initializer("identity")
    check_initializer("identity", shape=(3, 3, 4, 4))


@pytest.mark.parametrize("shape", [(4, 4), (2, 3), (3, 2)])
def test_the_diagonal_is_the_gain_and_the_rest_0(shape: tuple[int, int]) -> None:
    out = np.full(shape, 7.0)
    Identity(IdentityConfig(gain=2.0)).fill(out, Fan(1, 1), generator(0, "test"))
    np.testing.assert_array_equal(out, 2 * np.eye(*shape))


def test_every_matrix_of_a_stack_is_an_identity_and_a_vector_is_the_gain() -> None:
    out = np.full((2, 3, 3), 7.0)
    Identity(IdentityConfig()).fill(out, Fan(1, 1), generator(0, "test"))
    np.testing.assert_array_equal(out, np.stack([np.eye(3)] * 2))
    vector = np.zeros(3)
    Identity(IdentityConfig(gain=0.5)).fill(vector, Fan(1, 1), generator(0, "test"))
    np.testing.assert_array_equal(vector, [0.5, 0.5, 0.5])


def test_the_gain_is_a_number() -> None:
    with pytest.raises(ValidationError, match="gain"):
        IdentityConfig.model_validate({"gain": "one"})
