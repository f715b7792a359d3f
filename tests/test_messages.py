from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated, Literal

import pytest
from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import (
    AfterValidator,
    PlainValidator,
    Strict,
    StringConstraints,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from layerkit.messages import cut, shown
from layerkit.problems import problem
from layerkit.spec.diagnostics import Problem, problems_of
from layerkit.strict_model import StrictModel


class Linear(StrictModel):
    kind: Literal["linear"]
    slope: float


def _even(value: int) -> int:
    if value % 2:
        raise ValueError("must be even")
    return value


def _small(value: int) -> int:
    if value >= 10:
        raise AssertionError("too large")
    return value


def _own(value: object) -> int:
    raise problem("wrong-value", f"expected 7, found {shown(value)} instead")


def _odd(value: object) -> int:
    if value == 1:
        return 1
    raise PydanticCustomError("odd", "expected {what}", {"what": "an odd number"})


class Options(StrictModel):
    integer: int = 0
    number: float = 0
    switch: bool = False
    text: str = ""
    integer_or_text: int | str = 0
    integer_or_absent: int | None = None
    above: Annotated[float, Gt(0)] = 1
    from_: Annotated[float, Ge(0.5)] = 1
    below: Annotated[float, Lt(1)] = 0
    up_to: Annotated[int, Le(3)] = 0
    above_or_full: Annotated[int, Gt(0)] | Literal["full"] = 1
    word: Literal["a", "bee"] = "a"
    word_or_three: Literal["a", 3] = 3
    integers: Annotated[tuple[int, ...], Strict(strict=False)] = ()
    pair: Annotated[tuple[int, int], Strict(strict=False)] = (0, 0)
    table: dict[str, int] | None = None
    two: Annotated[list[int], MinLen(2)] | None = None
    some: Annotated[list[int], MinLen(1), MaxLen(1)] | None = None
    linear: Linear | None = None
    pattern: Annotated[str, StringConstraints(pattern="^x+$")] = "x"
    lax_integer: Annotated[int, Strict(strict=False)] = 0
    lax_switch: Annotated[bool, Strict(strict=False)] = False
    even: Annotated[int, AfterValidator(_even)] = 0
    small: Annotated[int, AfterValidator(_small)] = 0
    own: Annotated[int, PlainValidator(_own)] = 7
    odd: Annotated[int, PlainValidator(_odd)] = 1
    strict_tuple: tuple[int, ...] = ()
    strict_set: set[int] | None = None
    strict_frozen_set: frozenset[int] = frozenset()
    strict_path: Path = Path()


def said(key: str, value: object) -> str:
    """Return what is said of a value, without its path as far as the key."""
    table = {key: value}
    with pytest.raises(ValidationError) as caught:
        Options.model_validate(table)
    (found,) = problems_of(caught.value, table)
    assert found.loc[0] == key
    return str(Problem(found.loc[1:], found.code, found.reason, found.hint))


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("integer", True, "expected an integer, found true"),
        ("integer", 1.5, "expected an integer, found 1.5"),
        ("integer", "3", "expected an integer, found '3' (write it without quotes)"),
        ("integer", None, "expected an integer, found null"),
        ("integer", [], "expected an integer, found an empty list"),
        ("integer", {"a": 1}, "expected an integer, found a table"),
        ("integer", datetime.date(2001, 2, 3), "expected an integer, found 2001-02-03"),
        ("integer", datetime.time(4, 5), "expected an integer, found 04:05:00"),
        ("number", "x", "expected a number, found 'x'"),
        ("number", False, "expected a number, found false"),
        ("number", float("nan"), "expected a finite number, found nan"),
        ("number", float("-inf"), "expected a finite number, found -inf"),
        ("switch", 1, "expected true or false, found 1"),
        ("text", 3, "expected a string, found 3"),
        ("integer_or_text", [1], "expected an integer or a string, found a list"),
        ("integer_or_absent", "x", "expected an integer, found 'x'"),
        ("above", 0, "expected a number above 0, found 0"),
        ("from_", 0.25, "expected a number from 0.5, found 0.25"),
        ("below", 1.0, "expected a number below 1, found 1.0"),
        ("up_to", 4, "expected a number up to 3, found 4"),
        ("above_or_full", 0, "expected a number above 0 or 'full', found 0"),
        ("word", "be", "expected 'a' or 'bee', found 'be' (did you mean 'bee'?)"),
        ("word", "xyzzy", "expected 'a' or 'bee', found 'xyzzy'"),
        ("word_or_three", 4, "expected 'a' or 3, found 4"),
        ("integers", "x", "expected a list, found 'x'"),
        ("integers", [1, "x"], "1: expected an integer, found 'x'"),
        ("pair", [1], "1: entry 1 is missing"),
        ("pair", [1, 2, 3], "expected at most 2 entries, found 3"),
        ("table", [1], "expected a table, found a list"),
        ("table", {"a": "x"}, "a: expected an integer, found 'x'"),
        ("two", [1], "expected at least 2 entries, found 1"),
        ("some", [], "expected at least 1 entry, found 0"),
        ("some", [1, 2], "expected at most 1 entry, found 2"),
        ("linear", "x", "expected a table, found 'x'"),
        ("linear", {"kind": "linear"}, "slope: required key 'slope' is missing"),
        ("pattern", "a", "expected the string to match pattern '^x+$', found 'a'"),
        ("lax_integer", "x", "expected an integer, found 'x'"),
        ("lax_integer", 1.5, "expected an integer, found 1.5"),
        ("lax_switch", "x", "expected true or false, found 'x'"),
        ("even", 3, "must be even, found 3"),
        ("small", 30, "too large, found 30"),
        ("own", 3, "expected 7, found 3 instead"),
        ("odd", 2, "expected an odd number, found 2"),
    ],
)
def test_what_is_expected_and_what_is_found_is_said_in_plain_words(
    key: str, value: object, message: str
) -> None:
    assert said(key, value) == message


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("strict_tuple", [1]),
        ("strict_set", [1]),
        ("strict_frozen_set", [1]),
        ("strict_path", "a/b"),
    ],
)
def test_a_field_that_no_spec_can_fill_is_blamed_on_the_component(key: str, value: object) -> None:
    message = said(key, value)
    assert message.startswith("expected what no spec can hold, found ")
    hint = "the component is at fault: a field of that type needs Strict(strict=False)"
    assert message.endswith(f"({hint})")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2**63, "9223372036854775808"),
        (-(2**64), "one of 65 bits"),
        ("a\nb", r"'a\nb'"),
        ("a" * 100, "'" + "a" * 56 + "..."),
        ((1, 2), "a list"),
        ({}, "an empty table"),
        (0.1, "0.1"),
    ],
)
def test_a_value_is_shown_as_its_author_knows_it(value: object, text: str) -> None:
    assert shown(value) == text


def test_a_text_is_cut_only_if_it_is_long() -> None:
    assert cut("abcdef", 6) == "abcdef"
    assert cut("abcdefg", 6) == "abc..."
