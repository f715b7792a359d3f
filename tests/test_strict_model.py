from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import pytest
from annotated_types import Gt
from pydantic import ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from layerkit.errors import UsageError
from layerkit.problems import PROBLEM, problem, problem_at
from layerkit.strict_model import StrictModel


class Inner(StrictModel):
    units: Annotated[int, Gt(0)]
    rate: float = 0.5


UNTYPED: dict[str, Callable[..., Inner]] = {"Inner": Inner}
"""For calls as without types."""


class Outer(StrictModel):
    inner: Inner
    name: str = "net"

    @field_validator("name")
    @classmethod
    def _name_is_short(cls, name: str) -> str:
        if len(name) > 3:
            raise problem("too-long", f"expected 3 letters at most, found {len(name)}", "cut it")
        return name


def errors_of(data: object) -> list[ErrorDetails]:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(data)
    return caught.value.errors(include_url=False)


def test_a_fitting_table_is_taken() -> None:
    outer = Outer.model_validate({"inner": {"units": 3}})
    assert outer == Outer(inner=Inner(units=3, rate=0.5), name="net")


def test_a_mistake_in_python_is_told_in_short_and_in_words() -> None:
    wrong = UNTYPED["Inner"]
    with pytest.raises(ValidationError) as caught:
        wrong(units="3", rat=1)
    assert str(caught.value) == (
        "2 validation errors for Inner\n"
        "units\n  expected an integer, found '3' (write it without quotes) [type=layerkit]\n"
        "rat\n  unknown key 'rat' (did you mean 'rate'?) [type=layerkit]"
    )
    with pytest.raises(ValidationError, match=r"^1 validation error for Inner\nunits\n  required"):
        wrong()


def test_options_without_their_names_come_with_what_to_type() -> None:
    wrong = UNTYPED["Inner"]
    with pytest.raises(UsageError) as caught:
        wrong(3, rate=0.1)
    expected = "Inner takes its options by their names; write Inner(units=3)"
    assert str(caught.value) == expected


def test_a_validator_may_construct_another_model() -> None:
    class Given(StrictModel):
        @model_validator(mode="before")
        @classmethod
        def _construct(cls, data: object) -> object:
            return UNTYPED["Inner"](units=data)

    with pytest.raises(ValidationError, match=r"for Given\nunits\n  expected a number above 0"):
        Given.model_validate(0)


def test_a_model_is_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Inner(units=3).__setattr__("units", 4)


@pytest.mark.parametrize("units", [True, 3.0, "3", None, [3]])
def test_only_an_integer_is_an_integer(units: object) -> None:
    (error,) = errors_of({"inner": {"units": units}})
    assert error["loc"] == ("inner", "units")
    assert error["type"] == "int_type"


@pytest.mark.parametrize("rate", [float("nan"), float("inf"), True, "0.5"])
def test_only_a_finite_number_is_a_number(rate: object) -> None:
    (error,) = errors_of({"inner": {"units": 3, "rate": rate}})
    assert error["loc"] == ("inner", "rate")


def test_an_integer_stands_for_a_number() -> None:
    assert Inner.model_validate({"units": 3, "rate": 1}).rate == 1.0


def test_an_unknown_key_names_the_nearest_valid_one() -> None:
    (error,) = errors_of({"inner": {"units": 3, "rat": 0.1}})
    assert error["loc"] == ("inner", "rat")
    assert error["type"] == PROBLEM
    assert error["msg"] == "unknown key 'rat' (did you mean 'rate'?)"
    assert error.get("ctx", {})["code"] == "unknown-key"
    assert error.get("ctx", {})["hint"] == "did you mean 'rate'?"


def test_an_unknown_key_unlike_any_other_lists_them_all() -> None:
    (error,) = errors_of({"inner": {"units": 3, "xyzzy": 0.1}})
    assert error.get("ctx", {})["hint"] == "valid keys here: units, rate"


def test_an_unknown_key_hides_no_other_error_beside_or_below_it() -> None:
    errors = errors_of({"inner": {"units": 0, "rat": 1}, "nam": "x", "name": "longer"})
    assert {(error["loc"], error["type"]) for error in errors} == {
        (("inner", "units"), "greater_than"),
        (("inner", "rat"), PROBLEM),
        (("nam",), PROBLEM),
        (("name",), PROBLEM),
    }
    (of_name,) = [error for error in errors if error["loc"] == ("name",)]
    assert of_name["msg"] == "expected 3 letters at most, found 6 (cut it)"
    assert of_name.get("ctx", {})["code"] == "too-long"
    assert of_name.get("ctx", {})["hint"] == "cut it"


def test_the_value_found_is_kept_with_the_error() -> None:
    errors = errors_of({"inner": {"units": -3, "rat": 7}})
    assert {error["loc"][-1]: error["input"] for error in errors} == {"units": -3, "rat": 7}


def test_a_problem_can_be_placed_below_the_field_that_finds_it() -> None:
    error = problem_at(("layers", 2), "tanhh", problem("unknown-name", "no such layer", "tanh?"))
    (line,) = error.errors(include_url=False)
    assert line["loc"] == ("layers", 2)
    assert line["input"] == "tanhh"
    assert line["msg"] == "no such layer (tanh?)"
    assert line.get("ctx", {})["code"] == "unknown-name"
    assert line.get("ctx", {})["hint"] == "tanh?"
