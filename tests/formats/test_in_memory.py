from __future__ import annotations

import re

import numpy as np
import pytest
from numpy.typing import ArrayLike

from layerkit.arrays import FloatType, IdRange, Shape, Values
from layerkit.errors import DataError
from layerkit.formats.in_memory import (
    CHUNK,
    as_array,
    as_numbers,
    check_batch_shape,
    check_finite_as,
    check_id_columns,
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


@pytest.mark.parametrize("kind", ["f4", "f8"])
def test_nan_is_taken_where_values_may_be_missing_and_infinity_is_not(kind: str) -> None:
    values = np.zeros((ROWS, 2), kind)
    values[:, 0] = np.nan
    check_finite_as(values, FLOAT32, 0.5, "x", takes_nan=True)
    check_finite_as(values, FLOAT32, 1, "x", takes_nan=True)
    values[3, 1] = np.inf
    with pytest.raises(DataError, match=r"found inf at index \(3, 1\); drop or replace it$"):
        check_finite_as(values, FLOAT32, 1, "x", takes_nan=True)


def test_advice_is_about_nan_alone() -> None:
    with pytest.raises(DataError, match=r"drop or replace it, or call the doctor$"):
        check_finite_as(np.array([np.nan]), FLOAT32, 1, "x", advice="call the doctor")
    with pytest.raises(DataError, match=r"drop or replace it$"):
        check_finite_as(np.array([np.inf]), FLOAT32, 1, "x", advice="call the doctor")


@pytest.mark.parametrize("wrong", [-1, 5, 0.5, np.nan, np.inf])
def test_columns_of_ids_are_checked_alone(wrong: float) -> None:
    values = np.full((2 * CHUNK, 3), -7.5)
    values[:, 1] = 4
    check_id_columns(values, {1: IdRange(5)}, "x")
    values[CHUNK + 3 :, 1] = wrong
    said = f"ids from 0 to 4 in column 1, found {CHUNK - 3} that are not, the first in row"
    with pytest.raises(DataError, match=f"^x: expected {said} {CHUNK + 3}: {wrong}"):
        check_id_columns(values, {1: IdRange(5)}, "x")
    with pytest.raises(DataError, match=r"in column 1 \('b'\), "):
        check_id_columns(values, {1: IdRange(5)}, "x", "abc")


def test_a_missing_id_is_one_where_another_is_put_in_its_place() -> None:
    values = np.array([[np.nan], [4.0]])
    check_id_columns(values, {0: IdRange(5, is_filled=True)}, "x")
    with pytest.raises(DataError, match="found 1 that are not, the first in row 1: 4"):
        check_id_columns(values, {0: IdRange(4, is_filled=True)}, "x")


def test_ids_of_steps_are_told_by_step_and_column() -> None:
    values = np.zeros((4, 3, 2), np.int64)
    values[2, 1, 0] = 9
    with pytest.raises(DataError, match=r"column \(1, 0\), found 1 .* in row 2: 9"):
        check_id_columns(values, {2: IdRange(5)}, "x")
    check_id_columns(values[:0], {2: IdRange(5)}, "x")
