"""Comparisons whose messages say what was expected and what was found."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from layerkit.arrays import Array


def expect_equal(what: str, expected: object, found: object) -> None:
    """Check that two plain values are equal."""
    if found != expected:
        raise AssertionError(f"{what}: expected {expected}, found {found}")


def expect_number(what: str, found: object) -> None:
    """Check that a figure is a finite Python float, not a NumPy scalar or an integer."""
    if not (type(found) is float and np.isfinite(found)):
        raise AssertionError(f"{what}: expected a finite float, found {found!r}")


def expect_finite(what: str, found: Array) -> None:
    """Check that every value is a number."""
    wrong = np.flatnonzero(~np.isfinite(found))
    if wrong.size:
        raise AssertionError(
            f"{what}: expected finite numbers, found {found.flat[wrong[0]]} at "
            f"{index_of(found, wrong[0])}; {wrong.size} of {found.size} are not finite"
        )


def expect_close(what: str, expected: Array, found: Array, tolerance: float) -> None:
    """Check that two arrays agree within ``tolerance`` times the largest expected magnitude."""
    expect_equal(f"shape of {what}", expected.shape, found.shape)
    allowed = tolerance * max(float(np.max(np.abs(expected), initial=0)), 1e-3)
    wrong = np.flatnonzero(~(np.abs(found - expected) <= allowed))
    if wrong.size:
        first = wrong[0]
        raise AssertionError(
            f"{what}: expected {expected.flat[first]:.12g}, found {found.flat[first]:.12g} at "
            f"{index_of(found, first)}; {wrong.size} of {found.size} values are more than "
            f"{allowed:.1e} off"
        )


def expect_same(what: str, expected: Array, found: Array) -> None:
    """Check that two arrays hold the same numbers to the last bit."""
    expect_equal(f"shape of {what}", expected.shape, found.shape)
    same = (expected == found) | (np.isnan(expected) & np.isnan(found))
    wrong = np.flatnonzero(~same)
    if wrong.size:
        first = wrong[0]
        raise AssertionError(
            f"{what}: expected {expected.flat[first]:.17g}, found {found.flat[first]:.17g} at "
            f"{index_of(found, first)}; {wrong.size} of {found.size} values differ"
        )


def expect_all_same(expected: Mapping[str, Array], found: Mapping[str, Array]) -> None:
    """Check that two sets of arrays have the same names and hold the same numbers."""
    expect_equal("arrays", sorted(expected), sorted(found))
    for name, array in expected.items():
        expect_same(name, array, found[name])


def index_of(array: Array, position: np.int64) -> tuple[int, ...]:
    """Return where in an array the value at that position of the flattened array is."""
    return tuple(int(axis) for axis in np.unravel_index(position, array.shape))
