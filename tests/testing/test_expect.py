from __future__ import annotations

import numpy as np
import pytest

from layerkit.testing.expect import (
    expect_all_same,
    expect_close,
    expect_finite,
    expect_number,
    expect_same,
)


def test_close_means_a_share_of_the_largest_magnitude() -> None:
    expected = np.array([100.0, 1.0])
    expect_close("y", expected, np.array([100.0, 1.5]), 0.01)
    with pytest.raises(AssertionError, match=r"expected 1, found 2.5 at \(1,\); 1 of 2 values"):
        expect_close("y", expected, np.array([100.0, 2.5]), 0.01)


def test_a_number_that_is_none_is_never_close() -> None:
    with pytest.raises(AssertionError, match="found nan"):
        expect_close("y", np.zeros((2, 2)), np.full((2, 2), np.nan), 1.0)


def test_figures_without_axes_can_be_compared() -> None:
    expect_close("y", np.array(1.0), np.array(1.0), 0)
    with pytest.raises(AssertionError, match=r"expected 1, found 2 at \(\)"):
        expect_close("y", np.array(1.0), np.array(2.0), 1e-8)


def test_same_means_every_bit_of_every_number() -> None:
    expect_same("y", np.array([0.1, np.nan]), np.array([0.1, np.nan]))
    with pytest.raises(AssertionError, match=r"expected 0.1\d+, found 0.3\d+ at \(0,\)"):
        expect_same("y", np.array([0.1, 0.2]), np.array([0.1 + 0.2, 0.2]))


def test_arrays_of_other_shapes_are_not_the_same() -> None:
    with pytest.raises(AssertionError, match=r"shape of y: expected \(2,\), found \(1,\)"):
        expect_same("y", np.zeros(2), np.zeros(1))


def test_a_missing_array_is_not_overlooked() -> None:
    with pytest.raises(AssertionError, match=r"expected \['weight'\], found \[\]"):
        expect_all_same({"weight": np.zeros(2)}, {})


def test_the_first_value_that_is_not_finite_is_named() -> None:
    with pytest.raises(AssertionError, match=r"found inf at \(0, 1\); 2 of 4"):
        expect_finite("y", np.array([[0, np.inf], [0, np.nan]]))


@pytest.mark.parametrize(
    "found", [1, np.float32(1), np.float64(1), None, float("nan"), float("inf")]
)
def test_a_figure_is_a_finite_python_float(found: object) -> None:
    with pytest.raises(AssertionError, match=r"^loss: expected a finite float, found "):
        expect_number("loss", found)
