from __future__ import annotations

from collections.abc import Sequence

import pytest

from layerkit.errors import DataError
from layerkit.new_spec.column_profile import ColumnProfile
from layerkit.new_spec.target import InferredTarget, infer_target


def inferred(cells: Sequence[str]) -> InferredTarget:
    column = ColumnProfile("y", 1000)
    column.add(cells, range(2, len(cells) + 2), ".", "")
    return infer_target("data.csv", column)


def test_few_whole_numbers_are_classes_and_many_are_amounts() -> None:
    found = inferred([str(number % 6 + 3) for number in range(120)])
    assert found.classes == ["3", "4", "5", "6", "7", "8"]
    assert found.reason.startswith("whole numbers, only 6 different: classes (3 20, 4 20,")
    found = inferred([str(number % 60) for number in range(120)])
    assert (found.classes, found.mean) == ([], 29.5)
    assert found.reason == "whole numbers from 0 to 59, 60 different: regression"


def test_classes_are_stratified_if_each_part_gets_some() -> None:
    assert inferred(["a", "b"] * 5).can_stratify
    assert not inferred([*(["a"] * 20), *(["b"] * 4)]).can_stratify
    assert not inferred([f"{number}.5" for number in range(20)]).can_stratify


def test_rows_without_a_target_are_left_out() -> None:
    found = inferred(["a", "b", ""] * 9)
    assert found.missing == 9
    assert found.reason == "2 classes: a 9, b 9; 9 rows without a target are left out"


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([f"2024-01-{day:02d}" for day in range(1, 29)], "found dates or times"),
        ([*map(str, range(60)), "many"], 'found "many" in line 62 and numbers in 60 of 61 rows'),
        ([""] * 9, "expected different values to predict, found none"),
    ],
)
def test_says_what_cannot_be_predicted(cells: Sequence[str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        inferred(cells)
