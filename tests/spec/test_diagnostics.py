from __future__ import annotations

import pickle
from typing import Annotated, Literal, Self

import pytest
from annotated_types import Gt
from pydantic import BaseModel, ConfigDict, PlainValidator, Strict, ValidationError, model_validator

from layerkit.problems import problem, problem_at
from layerkit.spec.diagnostics import Problem, SpecError, in_document_order, problems_of
from layerkit.strict_model import StrictModel


class Inner(StrictModel):
    units: Annotated[int, Gt(0)]
    rate: float = 0.5

    @model_validator(mode="after")
    def _rate_is_not_one(self) -> Self:
        if self.rate == 1:
            raise problem("wrong-value", "expected another rate", "leave rate out")
        return self


class Named(StrictModel):
    name: str


class Plain(BaseModel):
    model_config = ConfigDict(extra="forbid")
    units: int


def _odd(value: object) -> int:
    if isinstance(value, int) and value % 2:
        return value
    raise problem("wrong-value", "expected an odd number")


def _below(value: object) -> int:
    raise problem_at(("deep", 0), value, problem("wrong-value", "expected something else"))


class Outer(StrictModel):
    seed: int = 0
    inner: Inner | None = None
    either: Inner | Named | int = 0
    number: Annotated[int, PlainValidator(_odd)] | Literal["none"] = 1
    numbers: int | Annotated[tuple[int, ...], Strict(strict=False)] = 0
    entries: Annotated[tuple[dict[str, list[Inner]], ...], Strict(strict=False)] = ()
    plain: Plain | None = None
    below: Annotated[int, PlainValidator(_below)] | bool = True
    by_name: dict[str, int] | None = None
    by_number: dict[int, int] | None = None


def problems(**table: object) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(table)
    found = problems_of(caught.value, table)
    return [str(each) for each in in_document_order(found, table)]


def test_a_problem_says_where_and_what_and_what_to_do() -> None:
    assert str(Problem(("layers", 2, "units"), "x", "expected 1", "try 1")) == (
        "layers.2.units: expected 1 (try 1)"
    )
    assert str(Problem((), "x", "expected 1")) == "expected 1"


@pytest.mark.parametrize(
    ("loc", "path"),
    [
        (("layers", 2, "units"), "layers.2.units"),
        (("a.b", "c"), '"a.b".c'),
        (("a b",), '"a b"'),
        (("",), '""'),
        (('a"b',), r'"a\"b"'),
        (("größe",), '"größe"'),
        (("a\x1b[31m\u202e",), r'"a\u001b[31m\u202e"'),
    ],
)
def test_a_path_is_written_as_an_override_takes_it(loc: tuple[str | int, ...], path: str) -> None:
    assert Problem(loc, "x", "y").path == path


def test_a_message_is_one_line_that_no_terminal_obeys() -> None:
    text = str(Problem(("a\n",), "x", "expected\n  one \x1b[31m line\0", "try\tthis \u202e"))
    assert text == r'"a\n": expected one \x1b[31m line\x00 (try this \u202e)'


def test_a_long_path_reason_or_hint_is_cut() -> None:
    text = str(Problem(("k" * 100_000,), "x", "r" * 100_000, "h" * 100_000))
    assert 2000 < len(text) < 2100


def test_twenty_problems_are_shown_and_the_rest_are_counted() -> None:
    each = [Problem(("layers", index), "x", "wrong") for index in range(22)]
    assert str(SpecError("s", each[:20])).splitlines() == [
        f"s: layers.{index}: wrong" for index in range(20)
    ]
    assert str(SpecError("s", each[:21])).splitlines()[20:] == ["s: and 1 more problem"]
    assert str(SpecError("s", each)).splitlines()[20:] == ["s: and 2 more problems"]
    assert SpecError("s", each).problems == tuple(each)


def test_an_error_survives_the_way_to_another_process() -> None:
    error = SpecError("s", [Problem(("seed",), "x", "wrong")])
    copy: object = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert isinstance(copy, SpecError)
    assert (str(copy), copy.problems) == (str(error), error.problems)


def test_paths_lead_through_lists_and_tables() -> None:
    inner: list[object] = [{"units": 1}, {"units": 0, "rat": 1}, 3, {}]
    assert problems(entries=[{}, {"b": inner}]) == [
        "entries.1.b.1.units: expected a number above 0, found 0",
        "entries.1.b.1.rat: unknown key 'rat' (did you mean 'rate'?)",
        "entries.1.b.2: expected a table, found 3",
        "entries.1.b.3.units: required key 'units' is missing",
    ]


def test_problems_come_in_the_order_of_the_document() -> None:
    assert problems(numbers="x", inner={"rate": "x", "rat": 1}, nothing=3, seed="x") == [
        "numbers: expected an integer or a list, found 'x'",
        "inner.rate: expected a number, found 'x'",
        "inner.rat: unknown key 'rat' (did you mean 'rate'?)",
        "inner.units: required key 'units' is missing",
        "nothing: unknown key 'nothing' (valid keys here: seed, inner, either, number, numbers, "
        "entries, plain, below, by_name, by_number)",
        "seed: expected an integer, found 'x'",
    ]


def test_a_path_has_no_names_of_members_of_a_union() -> None:
    assert problems(either="x") == ["either: expected a table or an integer, found 'x'"]
    assert problems(either={"units": 0}) == [
        "either.units: expected a number above 0, found 0",
        "either.name: required key 'name' is missing",
    ]
    assert problems(either={"units": 1, "rate": 1.0})[0] == (
        "either: expected another rate or an integer (leave rate out)"
    )
    assert problems(number=2) == ["number: expected an odd number or 'none', found 2"]


def test_a_member_of_a_union_that_got_further_is_heard_alone() -> None:
    assert problems(numbers=[1, "x"]) == ["numbers.1: expected an integer, found 'x'"]


def test_a_problem_placed_below_a_value_keeps_its_place_in_a_union() -> None:
    assert "below.deep.0: expected something else, found 3" in problems(below=3)


def test_keys_of_any_spelling_are_told_from_names_of_union_members() -> None:
    assert problems(by_name={"int": "x", "a.b": "y"}) == [
        "by_name.int: expected an integer, found 'x'",
        "by_name.\"a.b\": expected an integer, found 'y'",
    ]


def test_a_wrong_key_is_told_from_its_value() -> None:
    assert problems(by_number={"a": "x"}) == [
        "by_number.a: expected an integer as the key, found 'a'",
        "by_number.a: expected an integer, found 'x'",
    ]


def test_models_of_pydantic_itself_are_no_exception() -> None:
    assert problems(plain={"unit": 3}) == [
        "plain.unit: unknown key 'unit'",
        "plain.units: required key 'units' is missing",
    ]


def test_codes_are_stable() -> None:
    table: dict[str, object] = {"seed": "x", "inner": {"units": 0}, "nothing": 3, "plain": {}}
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(table)
    assert {each.path: each.code for each in problems_of(caught.value, table)} == {
        "seed": "wrong-type",
        "inner.units": "wrong-value",
        "nothing": "unknown-key",
        "plain.units": "missing-key",
    }
