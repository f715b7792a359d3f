from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pytest

from layerkit.errors import DataError
from layerkit.formats.memory_table import table_of
from layerkit.formats.table import Cell, TableSource


def opened(values: object) -> TableSource:
    table = table_of(values, "inputs")
    assert table is not None
    return table


def cells(values: object, *names: str) -> list[list[Cell]]:
    table = opened(values)
    chunks = [chunk.columns for chunk in table.chunks(names, 2)]
    return [[cell for part in chunks for cell in part[at]] for at in range(len(names))]


@dataclass(frozen=True)
class Frame:
    """As data frames are: labels of columns, and a column by its label."""

    columns: Sequence[object]
    values: Sequence[object]

    def __getitem__(self, name: str) -> object:
        return self.values[self.columns.index(name)]


class NAType:
    """As pandas' mark for a missing value is called."""


AGE, SEX = [39, None, 21], ["male", "female", "male"]


@pytest.mark.parametrize(
    "values",
    [
        {"age": AGE, "sex": SEX},
        {"age": np.array([39, np.nan, 21]), "sex": np.array(SEX)},
        {"age": [39, NAType(), 21], "sex": tuple(SEX)},
        {"age": np.array([39, np.nan, 21], np.longdouble), "sex": np.array(SEX, object)},
        {"age": [np.float32(39), np.float32("nan"), Decimal(21)], "sex": SEX},
        [{"age": 39, "sex": "male"}, {"sex": "female"}, {"age": 21, "sex": "male"}],
        [{"sex": "male", "age": 39}, {"sex": "female", "age": None}, {"age": 21, "sex": "male"}],
        Frame(["sex", "age"], [np.array(SEX, object), np.array(AGE, object)]),
        np.array([(39, "male"), (np.nan, "female"), (21, "male")], [("age", "f4"), ("sex", "U6")]),
    ],
    ids=[
        "lists",
        "arrays",
        "marks",
        "longdouble",
        "scalars",
        "records",
        "null",
        "frame",
        "structured",
    ],
)
def test_a_table_in_memory_gives_the_cells_of_the_columns_asked_for(values: object) -> None:
    assert cells(values, "age", "sex") == [AGE, SEX]


@pytest.mark.parametrize(
    "values", [[[1, 2], [3, 4]], [1, 2], [], np.zeros((2, 3)), ((1, 2),), 3, "text", None]
)
def test_numbers_are_no_table(values: object) -> None:
    assert table_of(values, "inputs") is None


def test_cells_keep_the_types_that_they_have_in_python() -> None:
    whole, truth, text = cells(
        {"a": np.arange(2), "b": np.array([True, False]), "c": [2, "x"]}, "a", "b", "c"
    )
    assert [type(each) for each in (*whole, *truth, *text)] == [int, int, bool, bool, int, str]


def test_rows_are_counted_from_0_across_chunks() -> None:
    table = opened({"age": [1, 2, 3, 4, 5]})
    assert [[*chunk.rows] for chunk in table.chunks(["age"], 2)] == [[0, 1], [2, 3], [4]]
    assert table.place(3, "age") == 'inputs: row 3 column "age"'


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"age": [1], "sex": []}, '1 rows in "age" and 0 in "sex"'),
        ({"age": 39}, 'column "age": expected a list or an array, found 39; pass a single row as'),
        ({"sex": "male"}, 'column "sex": expected a list or an array'),
        ({"age": np.zeros((2, 2))}, 'column "age": expected an array of one axis'),
        ({"age": np.array(["2026-01-01"], "M8[ns]")}, 'column "age": .* found datetime64'),
        ({"age": object()}, 'column "age": expected an array'),
        ({3: [1]}, "expected texts as the names of columns, found 3"),
        ({}, "expected columns by their names, found none"),
        ([{"age": 1}, [2]], r"row 1: expected a record, .* found \[2\]"),
        ([{"age": 1}, {2: 2}], "expected texts as the names of columns, found 2"),
        (Frame(["a", "a"], [[1], [2]]), 'expected one column "a", found two'),
        (Frame([0, 1], [[1], [2]]), "expected texts as the names of columns, found 0"),
    ],
)
def test_what_is_no_table_of_named_columns_is_told(values: object, message: str) -> None:
    with pytest.raises(DataError, match=f"^inputs: .*{message}"):
        table_of(values, "inputs")


def test_a_cell_that_is_neither_number_nor_text_is_named() -> None:
    with pytest.raises(DataError, match=r'^inputs: row 2 column "age": .* None, found \[4\]$'):
        cells({"age": [1, 2, [4]]}, "age")


def test_a_column_that_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(DataError, match=r"^inputs: expected column \"agee\", .* mean 'age'"):
        cells({"age": [1]}, "agee")
