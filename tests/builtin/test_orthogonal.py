from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.orthogonal import Orthogonal, OrthogonalConfig
from layerkit.contracts.initializer import Fan
from layerkit.randomness import generator
from layerkit.testing.initializer import check_initializer


def test_keeps_the_contract_of_initializers() -> None:
    check_initializer("orthogonal")
    check_initializer("orthogonal", shape=(3, 3, 2, 7))
    check_initializer("orthogonal", shape=(5,), fan=Fan(5, 1))


@pytest.mark.parametrize("shape", [(6, 4), (4, 6), (5, 5), (2, 3, 4), (1, 7)])
def test_the_fewer_of_rows_and_columns_are_orthonormal(shape: tuple[int, ...]) -> None:
    out = np.zeros(shape)
    Orthogonal(OrthogonalConfig(gain=3.0)).fill(out, Fan(1, 1), generator(0, "test"))
    matrix = out.reshape(-1, shape[-1]) / 3
    product = matrix.T @ matrix if matrix.shape[0] >= matrix.shape[1] else matrix @ matrix.T
    np.testing.assert_allclose(product, np.eye(len(product)), atol=1e-12)


def test_no_direction_is_preferred() -> None:
    total = np.zeros((2, 2))
    for seed in range(2000):
        out = np.zeros((2, 2))
        Orthogonal(OrthogonalConfig()).fill(out, Fan(2, 2), generator(seed, "test"))
        total += out
    np.testing.assert_allclose(total / 2000, 0, atol=0.06)


def test_the_gain_is_above_zero() -> None:
    with pytest.raises(ValidationError, match="gain"):
        OrthogonalConfig(gain=0.0)
