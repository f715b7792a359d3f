from __future__ import annotations

from collections.abc import Sequence

import pytest

from layerkit.new_spec.column_profile import ColumnProfile
from layerkit.new_spec.columns import Inferred, infer_column, ordered
from layerkit.new_spec.table_profile import Pairing


def inferred(name: str, cells: Sequence[str], *, fills: bool = True) -> Inferred:
    column = ColumnProfile(name, 1000)
    column.add(cells, range(2, len(cells) + 2), ".", "")
    return infer_column(column, Pairing(), "y", fills=fills, taken=frozenset())


SHUFFLED = [str(number * 7 % 40) for number in range(40)]


@pytest.mark.parametrize("name", ["id", "customer_id", "UserId", "Key", ""])
def test_different_whole_numbers_are_an_identifier_by_their_name(name: str) -> None:
    found = inferred(name, SHUFFLED)
    assert found.features == 0
    assert found.reason == "identifier, by its name: 40 whole numbers, all different"
    assert inferred("width", SHUFFLED).features == 1
    assert inferred(name, [*SHUFFLED, "3"]).features == 1


def test_missing_numbers_are_kept_if_a_layer_fills_them_in() -> None:
    cells = ["1.5", "2.5", "", "4.5"] * 10
    assert inferred("x", cells).entry == '{ type = "number", missing = "keep" }'
    assert inferred("x", cells, fills=False).entry == '{ type = "number", missing = "drop" }'


def test_a_rare_text_among_numbers_stands_for_a_missing_value() -> None:
    found = inferred("x", [*(["1.5", "2.5"] * 20), "unknown"])
    assert (found.is_number, found.missing_texts) == (True, ["unknown"])
    found = inferred("x", [*(["1.5", "2.5"] * 20), *(f"text {n}" for n in range(9))])
    assert found.features == 0
    assert found.reason == 'numbers, but for 9 values: the first is "text 0", in line 42'


def test_the_most_frequent_of_many_categories_are_listed() -> None:
    cells = [f"c{number % 9}" for number in range(900)] + [f"rare{n % 70}" for n in range(210)]
    found = inferred("c", cells)
    assert found.features == 51
    assert 'unknown = "other"' in found.entry
    assert "all but the 50 most frequent are one more, 'other'" in found.reason


def test_codes_with_leading_zeros_may_be_categories() -> None:
    found = inferred("zip", ["00123", "04567", "12345"] * 8)
    assert [reason for reason, _ in found.alternatives] == [
        "integer, 3 distinct values of 24, some with leading zeros, as codes have: category?"
    ]


def test_categories_are_in_the_order_of_numbers_or_of_the_alphabet() -> None:
    assert ordered(["10", "9", "1"]) == ["1", "9", "10"]
    assert ordered(["yes", "no"]) == ["no", "yes"]
