from __future__ import annotations

import math

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Array
from layerkit.contracts.cells import Cells
from layerkit.contracts.columns import AnyColumn, CategoryColumn, NumberColumn
from layerkit.formats.table import Cell
from layerkit.strict_model import StrictModel


class Holder(StrictModel):
    column: AnyColumn


def column_of(value: object) -> NumberColumn | CategoryColumn:
    return Holder.model_validate({"column": value}).column


def encoded(value: object, *values: Cell) -> tuple[list[list[float]], Cells]:
    column, cells = column_of(value), Cells(values)
    out: Array = np.full((len(values), len(column.features("a"))), 7.0)
    column.encode(cells, out)
    return out.tolist(), cells


def category(**options: object) -> dict[str, object]:
    return {"type": "category", "categories": ["x", "y"], **options}


def test_a_number_is_one_feature() -> None:
    assert column_of("number").features("age") == ("age",)
    assert encoded("number", "1.5", "2")[0] == [[1.5], [2]]


@pytest.mark.parametrize("missing", ["error", "drop", "keep"])
def test_a_missing_number_is_an_error_dropped_or_kept(missing: str) -> None:
    found, cells = encoded({"type": "number", "missing": missing}, "1", None)
    assert cells.wrong == ([(1, "a value")] if missing == "error" else [])
    assert cells.dropped == ([1] if missing == "drop" else [])
    np.testing.assert_array_equal(found, [[1], [math.nan if missing == "keep" else 0]])
    assert column_of({"type": "number", "missing": missing}).may_be_missing == (missing == "keep")


def test_a_wrong_number_is_noted_whatever_becomes_of_missing_ones() -> None:
    for missing in ("error", "drop", "keep"):
        found, cells = encoded({"type": "number", "missing": missing}, "n/a", "1")
        assert cells.wrong == [(0, "a number")]
        assert cells.dropped == []
        assert found == [[0], [1]]


def test_a_category_is_a_feature_for_each_or_an_index() -> None:
    assert column_of(category()).features("a") == ("a=x", "a=y")
    assert encoded(category(), "y", "x")[0] == [[0, 1], [1, 0]]
    assert column_of(category(encoding="index")).features("a") == ("a",)
    assert encoded(category(encoding="index"), "y", "x")[0] == [[1], [0]]


@pytest.mark.parametrize("policy", [{"missing": "other"}, {"unknown": "other"}])
def test_other_is_one_more_category_the_last(policy: dict[str, object]) -> None:
    both = category(missing="other", unknown="other")
    assert column_of(category(**policy)).features("a") == ("a=x", "a=y", "a=other")
    assert encoded(both, None, "z", "y")[0] == [[0, 0, 1], [0, 0, 1], [0, 1, 0]]
    assert encoded({**both, "encoding": "index"}, None, "z", "y")[0] == [[2], [2], [1]]


def test_the_name_of_other_is_none_of_the_categories() -> None:
    column = column_of(category(categories=["other", "other_"], missing="other"))
    assert column.features("a") == ("a=other", "a=other_", "a=other__")


def test_each_of_missing_and_unknown_has_its_own_policy() -> None:
    found, cells = encoded(category(missing="drop", unknown="other"), None, "z", "x")
    assert (found[1:], cells.dropped, cells.wrong) == ([[0, 0, 1], [1, 0, 0]], [0], [])
    _, cells = encoded(category(missing="other", unknown="drop"), None, "z", "x")
    assert (cells.dropped, cells.wrong) == ([1], [])
    _, cells = encoded(category(), None, "z", "x")
    assert (cells.dropped, cells.wrong) == ([], [(0, "a value"), (1, "one of x, y")])


def test_an_unknown_text_is_told_with_the_nearest_category_and_the_first_ones() -> None:
    names = ["Adelie", "Gentoo", "Chinstrap", "d", "e", "f", "g", "h"]
    _, cells = encoded(category(categories=names), "adelie!")
    expected = "one of Adelie, Gentoo, Chinstrap, d, e, f or 2 others (did you mean 'Adelie'?)"
    assert cells.wrong == [(0, expected)]


def test_a_column_is_dumped_as_it_may_be_written() -> None:
    for value in ("number", category(encoding="index", missing="drop")):
        column = column_of(value)
        assert column_of(Holder(column=column).model_dump()["column"]) == column
        assert column_of(column) is column


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("text", "expected a column"),
        (3, "expected a column"),
        ({"type": "date"}, "expected a column"),
        ({"type": ["number"]}, "expected a column"),
        ({"type": "number", "missing": "other"}, "missing"),
        ({"type": "number", "categories": ["a"]}, "categories"),
        ({"type": "category"}, "categories"),
        (category(missing="keep"), "missing"),
        (category(unknown="keep"), "unknown"),
        (category(encoding="embedding"), "encoding"),
        (category(categories=[]), "expected at least one category"),
        (category(categories="x"), "expected a list of texts"),
        (category(categories=[1, 2]), "expected a list of texts .*write numbers as texts too"),
        (category(categories=["x", "y", " x"]), "different categories, found 'x' twice"),
    ],
)
def test_what_is_no_column_is_told(value: object, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        column_of(value)
