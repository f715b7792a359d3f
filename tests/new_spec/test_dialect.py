from __future__ import annotations

from pathlib import Path

import pytest

from layerkit.errors import DataError
from layerkit.formats.csv_table import Dialect
from layerkit.new_spec.dialect import Given, find_dialect

PATH = Path("data.csv")


def found(*lines: str, target: str | None = None, given: Given | None = None) -> Dialect:
    text = [f"{line}\n" for line in lines]
    return find_dialect(PATH, text, "utf-8", given or Given(), target)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("a,b", "1,x", "2,y"), Dialect()),
        (("a;b", "1,5;2,25", "2,5;3,75"), Dialect(";", ",")),
        (("a;b", "1.234,5;x", "12,75;y"), Dialect(";", ",", ".")),
        (("a;b", "1.5;2.5", "2.5;3.5"), Dialect(";")),
        (("a\tb", "1\tx, y", "2\tz"), Dialect("\t")),
        (("a|b|c", "1|2|3", "4|5|6"), Dialect("|")),
        (("a,b", '"1,234",2', '"5,678",3'), Dialect(thousands=",")),
        (("a,b", '"1,25",2', '"5,75",3'), Dialect(decimal=",")),
        (("a;b", "1,234;2", "5,678;3"), Dialect(";", ",")),
        (("a,b", "1 234.5,2", "5 678.5,3"), Dialect(thousands=" ")),
        (("a,b", "'x, y','z'", "'u','v, w'"), Dialect(quote="'")),
        (("a,b", '"x; y; z",1', '"u; v; w",2'), Dialect()),
        (("day;time", "1,5;2,5;3"), Dialect(";", ",")),
    ],
)
def test_finds_separator_decimal_point_thousands_and_quote(
    lines: tuple[str, ...], expected: Dialect
) -> None:
    assert found(*lines) == expected


def test_semicolons_win_where_commas_are_decimal_and_there_is_no_header() -> None:
    expected = Dialect(";", ",", header=False)
    assert found("1,5;2,25", "2,5;3,75", "4,5;5,75") == expected


@pytest.mark.parametrize(
    ("lines", "header"),
    [
        (("age,name", "3,Ann", "4,Bob"), True),
        (("5,Cy", "3,Ann", "4,Bob"), False),
        (("2019,2020", "3,4", "5,6"), False),
        (("NA,name", "3,Ann"), True),
        (("kind,sex", "cat,male", "dog,female", "cat,female"), True),
        (("cat,male", "cat,male", "dog,female", "cat,female"), False),
        (("x,x", "1,2"), False),
    ],
)
def test_tells_a_header_from_a_first_row(lines: tuple[str, ...], header: bool) -> None:
    assert found(*lines).header is header


def test_the_target_tells_whether_there_is_a_header() -> None:
    assert found("2019,2020", "3,4", target="2020").header
    assert not found("kind,sex", "cat,male", target="column_2").header


def test_what_a_person_says_is_taken_as_it_is() -> None:
    given = Given(separator=",", decimal=".", header=False)
    assert found("a;b", "1,5;2,25", given=given) == Dialect(",", header=False)


def test_lines_above_the_table_are_named() -> None:
    lines = ["Exported on Monday"] + ["a;b;c"] + ["1;2;3"] * 20
    with pytest.raises(DataError, match=r"data.csv:1: expected the names of 3 columns, found 1"):
        found(*lines)
