from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from layerkit.formats.table import Cell
from layerkit.new_spec.column_profile import ColumnProfile


def profile(*chunks: Sequence[Cell], most_texts: int = 100, decimal: str = ".") -> ColumnProfile:
    column, rows = ColumnProfile("x", most_texts), 2
    for chunk in chunks:
        column.add(chunk, range(rows, rows + len(chunk)), decimal, "")
        rows += len(chunk)
    return column


def test_numbers_are_measured_over_all_chunks() -> None:
    column = profile(["1", "2.5", "NA"], ["-3", " 4 ", ""], ["1", "1"])
    assert (column.rows, column.missing, column.values) == (8, 2, 6)
    assert (column.numbers, column.integers, column.is_integer) == (6, 5, False)
    assert (column.least, column.largest) == (-3, 4)
    known = [1, 2.5, -3, 4, 1, 1]
    assert column.mean == pytest.approx(np.mean(known))
    assert column.deviation == pytest.approx(np.std(known))
    assert column.texts == {"1": 3, "2.5": 1, "-3": 1, "4": 1}
    assert column.missing_texts == {"NA": 1, "": 1}


def test_numbers_come_back_in_the_order_of_the_rows() -> None:
    column = ColumnProfile("x", 100)
    texts, numbers = column.add(["2,5", "?", "a", "2,5"], range(4), ",", "")
    assert texts == ["2,5", None, "a", "2,5"]
    np.testing.assert_array_equal(numbers, [2.5, np.nan, np.nan, 2.5])


def test_dates_are_told_from_all_chunks() -> None:
    days = ["2024-01-31", "31.01.2024", "20240131", "1/31/24", "2024-01-31T10:00:00"]
    column = profile(days, ["", *days])
    assert column.dates == column.values == 10
    assert profile(days, ["soon"], days).dates < 11


def test_values_that_are_no_numbers_are_kept_with_their_first_row() -> None:
    column = profile(["1", "2"], ["3", "unknown", "4", "unknown"])
    assert column.strange == {"unknown": 2}
    assert column.strange_rows == {"unknown": 5}


@pytest.mark.parametrize(
    ("chunks", "step"),
    [
        ((["1", "2"], ["3", "4"]), 1),
        ((["10", "20"], ["30"]), 10),
        ((["1", "2"], ["4", "5"]), None),
        ((["1", "2"], ["2", "3"]), None),
        ((["1", "2", ""], ["3", "4"]), None),
        ((["3", "2"], ["1"]), None),
    ],
)
def test_even_steps_are_followed_from_chunk_to_chunk(
    chunks: tuple[list[str], ...], step: float | None
) -> None:
    assert profile(*chunks).step == step


def test_no_more_texts_are_counted_than_wanted() -> None:
    column = profile(["a", "b", "c"], ["a", "d"], most_texts=2)
    assert column.texts == {"a": 2, "b": 1}
    assert column.has_more_texts
    assert not profile(["a", "b"], most_texts=2).has_more_texts


def test_leading_zeros_are_seen() -> None:
    assert profile(["00123", "12"]).has_leading_zeros
    assert not profile(["0", "0.5", "-0.25", "10"]).has_leading_zeros


def test_values_of_json_are_read_as_what_they_are() -> None:
    column = profile([True, False, None])
    assert column.texts == {"true": 1, "false": 1}
    column = profile([1, 2.0, 2.5])
    assert (column.numbers, column.integers) == (3, 2)
    assert column.texts == {"1": 1, "2": 1, "2.5": 1}
