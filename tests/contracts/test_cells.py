from __future__ import annotations

import math

import numpy as np
import pytest

from layerkit.contracts.cells import MISSING, UNKNOWN, Cells, missing_cells
from layerkit.formats.table import Cell

NUMBER, FITS = "a number", "a finite number that fits into float32"


@pytest.mark.parametrize(
    ("decimal", "thousands", "text", "number"),
    [
        (".", "", "-12", -12),
        (".", "", "+1.5e3", 1500),
        (".", "", " 7 ", 7),
        (".", "", ".5", 0.5),
        (",", "", "1,5", 1.5),
        (",", "", "-1,5e-2", -0.015),
        (",", ".", "1.234,5", 1234.5),
        (",", ".", "-12.345.678", -12345678),
        (",", ".", "12,5", 12.5),
        (".", ",", "12,34,567.25", 1234567.25),
        (".", "'", "1'234.5", 1234.5),
        (",", " ", "1 234,5", 1234.5),
        (",", "\u202f", "1\u202f234,5", 1234.5),
    ],
)
@pytest.mark.parametrize("others", [[], [None], ["3"]])
def test_texts_become_numbers(
    decimal: str, thousands: str, text: str, number: float, others: list[Cell]
) -> None:
    cells = Cells([text, *others], decimal, thousands)
    assert cells.numbers()[0] == number
    assert cells.wrong == []


@pytest.mark.parametrize(
    ("decimal", "thousands", "text", "expected"),
    [
        (".", "", "n/a", NUMBER),
        (".", "", "", NUMBER),
        (".", "", "1_000", NUMBER),
        (".", "", "1,5", NUMBER),
        (".", "", "0x10", NUMBER),
        (".", "", "1 000", NUMBER),
        (".", "", "5%", NUMBER),
        (".", "", "true", NUMBER),
        (".", "", "1\0", NUMBER),
        (".", "", "nan", FITS),
        (".", "", "-inf", FITS),
        (".", "", "1e300", FITS),
        (".", "", "3.5e38", FITS),
        (",", "", "1.5", NUMBER),
        (",", "", "1,2,3", NUMBER),
        (",", "", "1\n2", NUMBER),
        (",", ".", "1.5", NUMBER),
        (",", ".", "1.50", NUMBER),
        (",", ".", "1234.567", NUMBER),
        (",", ".", "1.234.5", NUMBER),
        (",", ".", "1,234.567", NUMBER),
        (",", ".", ".234", NUMBER),
        (".", ",", "1,234e3", NUMBER),
    ],
)
@pytest.mark.parametrize("others", [[], [None], ["3"], [1.5]])
def test_texts_that_are_no_numbers_are_noted(
    decimal: str, thousands: str, text: str, expected: str, others: list[Cell]
) -> None:
    cells = Cells([*others, text], decimal, thousands)
    assert cells.numbers()[-1] == 0
    assert cells.wrong == [(len(others), expected)]


def test_missing_values_are_nan_and_not_noted() -> None:
    values: list[list[Cell]] = [["1", None], [1, None, 2.5], [None], ["1", None, 2]]
    for each in values:
        cells = Cells(each)
        expected = [math.nan if cell is None else float(cell) for cell in each]
        np.testing.assert_array_equal(cells.numbers(), expected)
        assert cells.wrong == []


def test_a_nan_that_is_no_missing_value_is_noted_among_those_that_are() -> None:
    for nan in ("nan", math.nan):
        cells = Cells([None, nan, "1" if isinstance(nan, str) else 1])
        np.testing.assert_array_equal(cells.numbers(), [math.nan, 0, 1])
        assert cells.wrong == [(1, FITS)]


def test_integers_of_any_size_and_truth_values_are_numbers() -> None:
    cells = Cells([True, False, 2**53, 10**400])
    np.testing.assert_array_equal(cells.numbers(), [1, 0, 2.0**53, 0])
    assert cells.wrong == [(3, FITS)]
    cells = Cells(["9" * 40, "0." + "3" * 100_000])
    np.testing.assert_array_equal(cells.numbers(), [0, 1 / 3])
    assert cells.wrong == [(0, FITS)]


def test_no_cells_are_no_numbers() -> None:
    assert Cells([]).numbers().shape == (0,)
    assert Cells([]).indices(["a"]).shape == (0,)


@pytest.mark.parametrize(
    ("cell", "categories"),
    [
        ("b", ["a", "b"]),
        (" b ", ["a", "b"]),
        ("b", ["a", " b"]),
        (1, ["0", "1"]),
        (1.0, ["0", "1"]),
        (1.0, ["0.0", "1.0"]),
        (2.5, ["0", "2.5"]),
        (True, ["false", "true"]),
        (True, ["FALSE", "TRUE"]),
        (True, ["False", "True"]),
        (True, ["0", "1"]),
        (1e20, ["0", "100000000000000000000"]),
    ],
)
def test_cells_match_the_categories_that_they_may_have_been_written_as(
    cell: Cell, categories: list[str]
) -> None:
    assert Cells([cell, None, "nothing"]).indices(categories).tolist() == [1, MISSING, UNKNOWN]


@pytest.mark.parametrize("cell", ["1.0", "01", "B", math.nan, math.inf, 1.5])
def test_other_cells_match_none(cell: Cell) -> None:
    assert Cells([cell]).indices(["1", "b", "true"]).tolist() == [UNKNOWN]


def test_missing_values_are_texts_and_the_numbers_written_so() -> None:
    found = missing_cells(["", " NA ", "-999", "1_0", "nan"])
    assert found == {"", "NA", "-999", -999, "1_0", "nan"}
