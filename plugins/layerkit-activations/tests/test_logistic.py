from __future__ import annotations

import math

import numpy as np
import pytest
from layerkit_activations.logistic import logistic

from layerkit.plugin import Array


def logistic_of(x: Array) -> Array:
    out = np.zeros_like(x)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        logistic(x, out, scratch=np.zeros_like(x))
    return out


def test_keeps_its_digits_on_both_sides() -> None:
    x = np.array([-700.0, -40.0, -1.0, -0.0, 0.0, 0.5, 40.0])
    expected = [
        math.exp(-700),
        math.exp(-40),
        1 / (1 + math.e),
        0.5,
        0.5,
        1 / (1 + math.exp(-0.5)),
        1,
    ]
    np.testing.assert_allclose(logistic_of(x), expected, rtol=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nothing_overflows(dtype: type[np.float32 | np.float64]) -> None:
    x: Array = np.zeros(4, dtype)
    x[...] = (-1e30, -1e3, 1e3, 1e30)
    assert logistic_of(x).tolist() == [0, 0, 1, 1]


def test_may_write_where_it_reads() -> None:
    x = np.array([-1.0, 2.0])
    expected = logistic_of(x)
    logistic(x, x, scratch=np.zeros(2))
    np.testing.assert_array_equal(x, expected)
