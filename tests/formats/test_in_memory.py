from __future__ import annotations

import re

import numpy as np
import pytest
from numpy.typing import ArrayLike

from layerkit.arrays import FloatType, Shape, Values
from layerkit.errors import DataError
from layerkit.formats.in_memory import (
    CHUNK,
    as_array,
    as_numbers,
    check_batch_shape,
    check_finite_as,
    check_ids,
)

FLOAT32: FloatType = np.dtype(np.float32)
FLOAT64: FloatType = np.dtype(np.float64)


ARRAY = "an array, or lists of one length"


class Raises:
    """As a tensor on another device, or one that needs a gradient."""

    def __array__(self, dtype: object = None, copy: object = None) -> Values:
        raise TypeError("call .cpu() first\n(and more)")


class Holds:
    """As a data frame or a tensor."""

    def __array__(self, dtype: object = None, copy: object = None) -> Values:
        return np.ones((2, 3))


def test_whatever_numpy_reads_is_read_and_arrays_are_not_copied() -> None:
    x = np.ones((2, 3))
    assert np.shares_memory(as_array(x, "x"), x)
    assert as_numbers([[1, 2], [3, 4]], "x").tolist() == [[1, 2], [3, 4]]
    assert as_numbers((True, False), "x").dtype == np.bool_
    assert as_numbers(Holds(), "x").shape == (2, 3)
    assert as_array(["a", "b"], "x").tolist() == ["a", "b"]
    assert as_numbers(np.ma.masked_equal([1, 2], 3), "x").tolist() == [1, 2]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[1, 2], [3]], f"{ARRAY}, found list that NumPy cannot read: "),
        (Raises(), f"{ARRAY}, found Raises that NumPy cannot read: call .cpu() first$"),
        (Ellipsis, f"{ARRAY}, found ellipsis$"),
        (None, f"{ARRAY}, found NoneType$"),
        (np.array([1, "a", None], dtype=object), "numbers, found objects that are no numbers; "),
        (["a", "b"], "numbers, found text; convert it to numbers first, such as "),
        ([b"a"], "numbers, found bytes of text; "),
        ([1 + 2j], "numbers, found complex numbers; pass their real part (x.real) or "),
        (np.array(["2020-01-01"], "datetime64[D]"), "numbers, found dates; "),
        (np.ma.masked_equal([1, 2], 2), "all values, found an array with masked ones; fill them "),
    ],
)
def test_what_holds_no_numbers_is_refused(values: ArrayLike, message: str) -> None:
    pattern = re.escape(message.removesuffix("$")) + "$" * message.endswith("$")
    with pytest.raises(DataError, match=f"^x: expected {pattern}"):
        as_numbers(values, "x")


@pytest.mark.parametrize(
    ("found", "example", "hint"),
    [
        ((3,), (3,), "(n, 3), found (3,); for a single example, pass x[None]"),
        ((28, 28), (28, 28), "(n, 28, 28), found (28, 28); for a single example, pass x[None]"),
        ((5, 28, 28), (784,), "(n, 784), found (5, 28, 28); pass x.reshape(len(x), 784)"),
        ((5,), (1,), "(n, 1), found (5,); pass x.reshape(len(x), 1)"),
        ((5, 1), (), "(n,), found (5, 1); pass x.reshape(len(x))"),
        ((5, 4), (3,), "(n, 3), found (5, 4)"),
        ((), (3,), "(n, 3), found ()"),
    ],
)
def test_a_wrong_shape_comes_with_what_to_type(found: Shape, example: Shape, hint: str) -> None:
    with pytest.raises(DataError, match=f"^x: expected an array of shape {re.escape(hint)}$"):
        check_batch_shape(found, example, "x")
    check_batch_shape((0, *example), example, "x")


ROWS = 3 * CHUNK // 4
"""Of two values: more than one chunk."""


@pytest.mark.parametrize(
    ("kind", "value", "dtype", "scale", "found"),
    [
        ("f4", np.nan, FLOAT32, 1.0, "finite numbers, found nan at"),
        ("f8", -np.inf, FLOAT32, 0.5, "finite numbers, found -inf at"),
        ("f8", 1e39, FLOAT32, 1.0, "numbers that fit into float32, found 1e+39 at"),
        ("f4", 2.0**100, FLOAT32, 1e20, "found 1.2676506002282294e+30 (times the scale 1e+20) at"),
        ("i8", 2**62, FLOAT32, 1e30, "found 4611686018427387904 (times the scale 1e+30) at"),
        ("f8", 1e300, FLOAT64, 1e300, "fit into float64, found 1e+300 (times the scale 1e+300) at"),
    ],
)
def test_numbers_that_are_not_finite_in_the_networks_dtype_are_told_by_their_index(
    kind: str, value: float, dtype: FloatType, scale: float, found: str
) -> None:
    values = np.zeros((ROWS, 2), kind)
    check_finite_as(values, dtype, scale, "x")
    values[ROWS - 2, 1] = value
    with pytest.raises(DataError, match=rf"^x: .*{re.escape(found)} index \({ROWS - 2}, 1\); "):
        check_finite_as(values, dtype, scale, "x")
    values[CHUNK // 2 - 1, 0] = value
    first = rf"index \({CHUNK // 2 - 1}, 0\), the first of 2 in {values.size} values; "
    with pytest.raises(DataError, match=first):
        check_finite_as(values, dtype, scale, "x")


def test_what_to_do_depends_on_what_is_wrong() -> None:
    for wrong, what in (([np.nan], "drop or replace it"), ([np.nan] * 2, "drop or replace them")):
        with pytest.raises(DataError, match=rf"; {what}$"):
            check_finite_as(np.array(wrong), FLOAT32, 1, "x")
    size = "divide the data by a number of that size"
    with pytest.raises(DataError, match=rf'; {size}, or set dtype = "float64"$'):
        check_finite_as(np.array([1e300]), FLOAT32, 1, "x")
    with pytest.raises(DataError, match=rf"; {size}$"):
        check_finite_as(np.array([1e300]), FLOAT64, 1e300, "x")


@pytest.mark.parametrize("wrong", [-1, 5])
@pytest.mark.parametrize("kind", ["i8", "f4"])
def test_ids_out_of_range_are_told_by_their_index(wrong: int, kind: str) -> None:
    ids = np.full((ROWS, 2), 4, kind)
    check_ids(ids, 5, "x")
    ids[ROWS - 1, 1] = wrong
    said = rf"^x: expected ids from 0 to 4, found 1 that are not, .* \({ROWS - 1}, 1\): {wrong}"
    with pytest.raises(DataError, match=said):
        check_ids(ids, 5, "x")


@pytest.mark.parametrize("wrong", [0.5, np.nan, np.inf])
def test_an_id_is_a_whole_number(wrong: float) -> None:
    with pytest.raises(DataError, match=rf"found 2 that are not, the first at index 1: {wrong}$"):
        check_ids(np.array([0.0, wrong, 1.0, wrong]), 5, "x")
