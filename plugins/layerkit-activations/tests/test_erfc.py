from __future__ import annotations

import math

import numpy as np
import pytest
from layerkit_activations.erfc import BLOCK, FAR, NEAR, ComplementaryErrorFunction

from layerkit.plugin import Array
from layerkit.testing.sampling import FLOAT32, FLOAT64


def erfc_of(x: Array) -> Array:
    found = x.copy()
    ComplementaryErrorFunction(FLOAT64 if x.dtype == FLOAT64 else FLOAT32).apply(found)
    return found


def edges() -> Array:
    """Return where one approximation ends, and its neighbours."""
    ends = np.array([0.0, NEAR, FAR])
    both = np.concatenate([ends, -ends])
    return np.concatenate([both, np.nextafter(both, np.inf), np.nextafter(both, -np.inf)])


def test_agrees_with_the_standard_library_to_the_last_digits() -> None:
    x = np.concatenate([np.linspace(-7, 7, 20_001), edges()])
    expected = np.array([math.erfc(each) for each in x.tolist()])
    np.testing.assert_allclose(erfc_of(x), expected, rtol=0, atol=1e-15)
    np.testing.assert_allclose(erfc_of(x), expected, rtol=5e-14)


def test_the_error_function_comes_out_to_the_last_digits_near_0() -> None:
    x = np.linspace(-1, 1, 2001)
    expected = np.array([math.erf(each) for each in x.tolist()])
    np.testing.assert_allclose(1 - erfc_of(x), expected, rtol=0, atol=1e-15)


def test_the_tail_keeps_its_digits() -> None:
    x = np.linspace(5, 15, 1001)
    expected = np.array([math.erfc(each) for each in x.tolist()])
    np.testing.assert_allclose(erfc_of(x), expected, rtol=2e-14)


def test_float32_has_the_digits_of_float32() -> None:
    x = np.linspace(-4, 4, 4001)
    expected = np.array([math.erfc(each) for each in x.tolist()])
    np.testing.assert_allclose(erfc_of(x.astype(np.float32)), expected, rtol=0, atol=3e-7)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_ends_are_0_and_2_and_nothing_overflows(dtype: type[np.float32 | np.float64]) -> None:
    x: Array = np.zeros(6, dtype)
    x[...] = (-1e30, -100, 0, 1e-40, 100, 1e30)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert erfc_of(x).tolist() == [2, 2, 1, 1, 0, 0]


@pytest.mark.parametrize("size", [0, 1, BLOCK, BLOCK + 1])
def test_any_number_of_values_will_do(size: int) -> None:
    x = np.linspace(-3, 3, size)
    expected = [math.erfc(each) for each in x.tolist()]
    np.testing.assert_allclose(erfc_of(x), expected, rtol=1e-14)


def test_what_is_no_number_stays_so() -> None:
    assert np.isnan(erfc_of(np.array([np.nan, 1.0]))).tolist() == [True, False]
