from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from layerkit.contracts.columns import CategoryColumn, NumberColumn
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.contracts.table import joined
from layerkit.contracts.table_encoder import Encoded, TableEncoder, TableSchema
from layerkit.errors import DataError
from layerkit.formats.memory_table import table_of
from layerkit.formats.table import CHUNK_ROWS, Cell, Chunk, TableSource

COLOR = CategoryColumn(categories=("red", "blue"), missing="drop", unknown="drop")
SCHEMA = TableSchema({"age": NumberColumn(), "color": COLOR}, ("y",))
PARTS = replace(SCHEMA, weight="w", split="for")


def table(columns: Mapping[str, Sequence[Cell]]) -> TableSource:
    found = table_of(columns, "data")
    assert found is not None
    return found


def encoded(schema: TableSchema, **columns: Sequence[Cell]) -> Encoded:
    return joined([*TableEncoder(schema, table(columns)).examples(2)])


def error(schema: TableSchema, **columns: Sequence[Cell]) -> str:
    with pytest.raises(DataError) as caught:
        encoded(schema, **columns)
    return str(caught.value)


def test_a_schema_says_what_inputs_and_targets_are() -> None:
    assert SCHEMA.features == ("age", "color=red", "color=blue")
    assert SCHEMA.target == VectorTarget((1,), ("y",))
    assert replace(SCHEMA, targets=("y", "z")).target == VectorTarget((2,), ("y", "z"))
    assert replace(SCHEMA, classes=("a", "b")).target == ClassTarget(2, ("a", "b"))
    assert PARTS.beside_inputs == ("y", "w", "for")
    assert not SCHEMA.has_missing
    assert replace(SCHEMA, columns={"age": NumberColumn(missing="keep")}).has_missing


def test_rows_become_inputs_targets_weights_and_parts() -> None:
    found = encoded(
        replace(PARTS, classes=("no", "yes")),
        age=[1, 2, 3],
        color=["red", "blue", "red"],
        y=["yes", "no", "yes"],
        w=[1, 0, 2.5],
        **{"for": ["test", "train", "validation"]},
    )
    np.testing.assert_array_equal(found.examples.inputs, [[1, 1, 0], [2, 0, 1], [3, 1, 0]])
    np.testing.assert_array_equal(found.examples.targets, [1, 0, 1])
    assert found.examples.weights is not None
    np.testing.assert_array_equal(found.examples.weights, [1, 0, 2.5])
    assert found.parts is not None
    assert found.parts.tolist() == [2, 0, 1]
    assert [*found.rows] == [0, 1, 2]
    assert found.dropped == 0


def test_several_targets_are_a_vector_each() -> None:
    found = encoded(
        replace(SCHEMA, targets=("y", "z")), age=[1, 2], color=["red"] * 2, y=["3", 4], z=[5, 6]
    )
    np.testing.assert_array_equal(found.examples.targets, [[3, 5], [4, 6]])


def test_rows_that_are_left_out_leave_the_others_in_step() -> None:
    found = encoded(
        replace(PARTS, missing_target="drop"),
        age=[1, 2, 3, 4, 5],
        color=["red", "", "green", "blue", "red"],
        y=[1, 2, 3, "", 5],
        w=[1, 2, 3, 4, 5],
        **{"for": ["train", "test", "test", "test", "validation"]},
    )
    np.testing.assert_array_equal(found.examples.inputs, [[1, 1, 0], [5, 1, 0]])
    np.testing.assert_array_equal(found.examples.targets, [[1], [5]])
    assert found.examples.weights is not None
    np.testing.assert_array_equal(found.examples.weights, [1, 5])
    assert found.parts is not None
    assert found.parts.tolist() == [0, 1]
    assert [*found.rows] == [0, 4]
    assert found.dropped == 3


def test_the_first_wrong_cell_of_a_column_is_told_and_how_many_more_in_all_chunks() -> None:
    count = 1000
    ages = ["n/a" if row % 20 == 3 else 1 for row in range(count)]
    found = error(SCHEMA, age=ages, color=["red"] * count, y=[1] * count)
    more = sum(age == "n/a" for age in ages) - 1
    assert found == f'data: row 3 column "age": expected a number, found "n/a" ({more} more)'


def test_at_most_three_columns_are_told() -> None:
    schema = TableSchema({name: NumberColumn() for name in "abcde"}, ("y",))
    wrong: dict[str, list[Cell]] = {name: ["x"] for name in "abcde"}
    assert error(schema, y=[1], **wrong) == (
        'data: row 0 column "a": expected a number, found "x"; '
        'data: row 0 column "b": expected a number, found "x"; '
        'data: row 0 column "c": expected a number, found "x"; 2 more columns have such cells'
    )
    wrong["e"] = [1]
    assert error(schema, y=[1], **wrong).endswith("; 1 more column has such cells")


def test_what_to_do_about_missing_values_is_said_once() -> None:
    columns = {name: NumberColumn() for name in "ab"}
    found = error(replace(SCHEMA, columns=columns), a=[None], b=[""], y=[1])
    assert found.count("'missing' of a column says what becomes of rows without a value") == 1
    found = error(replace(SCHEMA, columns=columns), a=[1], b=[1], y=[""])
    assert found == (
        "data: row 0 column \"y\": expected a value, found none; 'missing_target' says what "
        "becomes of rows without a target"
    )


def test_a_class_that_is_not_there_is_told_with_the_nearest() -> None:
    schema = replace(SCHEMA, classes=("Adelie", "Gentoo"))
    found = error(schema, age=[1, 1], color=["red"] * 2, y=["Gentoo", "gento"])
    assert found == (
        "data: row 1 column \"y\": expected one of Adelie, Gentoo (did you mean 'Gentoo'?), "
        'found "gento"'
    )


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        (-1, "expected a number from 0, found -1"),
        ("x", 'expected a number, found "x"'),
        (None, "expected a number from 0, found none"),
        (math.inf, "expected a finite number that fits into float32, found Infinity"),
    ],
)
def test_weights_are_numbers_from_0(weight: Cell, message: str) -> None:
    found = error(
        replace(SCHEMA, weight="w"), age=[1, 1], color=["red"] * 2, y=[1, 1], w=[0, weight]
    )
    assert found == f'data: row 1 column "w": {message}'


@pytest.mark.parametrize("part", ["dev", "", "Train"])
def test_parts_are_train_validation_or_test(part: str) -> None:
    found = error(replace(SCHEMA, split="for"), age=[1], color=["red"], y=[1], **{"for": [part]})
    assert 'row 0 column "for": expected one of train, validation, test, found' in found


def test_missing_values_are_the_texts_that_the_schema_names_and_numbers_written_so() -> None:
    schema = TableSchema({"a": NumberColumn(missing="keep")}, ("y",), missing_values=_MARKS)
    values: list[Cell] = ["NA", " NA ", "-999", -999, -999.0, None, 1]
    found = encoded(schema, a=values, y=[1] * len(values))
    np.testing.assert_array_equal(found.examples.inputs[:, 0], [math.nan] * 6 + [1])
    assert 'row 0 column "a": expected a number, found ""' in error(schema, a=[""], y=[1])


_MARKS = frozenset({"NA", "-999"})


class Numbers(TableSource):
    """A table of one column, in which nan is no missing value."""

    def chunks(self, names: Sequence[str], size: int = CHUNK_ROWS) -> Iterator[Chunk]:
        yield Chunk([[1.0, math.nan] for _ in names], [1, 2])


def test_nan_is_a_missing_value_only_if_the_schema_says_so() -> None:
    schema = TableSchema({"a": NumberColumn(missing="keep")}, ())
    source = Numbers("data", ["a"])
    with pytest.raises(DataError, match=r"expected a finite number that fits .*, found NaN"):
        list(TableEncoder(schema, source).inputs())
    schema = replace(schema, missing_values=frozenset({"NaN"}))
    ((inputs, rows),) = TableEncoder(schema, source).inputs()
    np.testing.assert_array_equal(inputs, [[1], [math.nan]])
    assert rows == [1, 2]


def test_inputs_need_no_targets() -> None:
    found = [*TableEncoder(PARTS, table({"color": ["red", "blue"], "age": [1, 2]})).inputs(1)]
    np.testing.assert_array_equal(
        np.concatenate([each for each, _ in found]), [[1, 1, 0], [2, 0, 1]]
    )
    assert [row for _, rows in found for row in rows] == [0, 1]


@pytest.mark.parametrize(("cell", "shown"), [("green", '"green"'), ("", "none"), (None, "none")])
def test_no_row_is_left_out_in_prediction(cell: Cell, shown: str) -> None:
    encoder = TableEncoder(SCHEMA, table({"color": ["red", cell], "age": [1, 2]}))
    with pytest.raises(DataError) as caught:
        list(encoder.inputs())
    assert str(caught.value) == (
        f'data: row 1 column "color": expected a value to predict from, found {shown}'
    )


class Broken(TableSource):
    """A table whose chunks are not what they promise."""

    def __init__(self, chunk: Chunk) -> None:
        super().__init__("data", ["age", "color", "y"])
        self._chunk = chunk

    def chunks(self, names: Sequence[str], size: int = CHUNK_ROWS) -> Iterator[Chunk]:
        yield self._chunk


@pytest.mark.parametrize(
    "chunk",
    [
        Chunk([[1], ["red"]], [1]),
        Chunk([[1], ["red"], [1]], [1, 2]),
        Chunk([[1], ["red", "red"], [1, 2]], [1, 2]),
        Chunk([], [1]),
    ],
)
def test_chunks_have_a_cell_of_every_column_for_every_row(chunk: Chunk) -> None:
    with pytest.raises(TypeError, match="expected chunks of 3 columns with a cell for each of"):
        list(TableEncoder(SCHEMA, Broken(chunk)).examples())
