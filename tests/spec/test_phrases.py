from __future__ import annotations

import re
from typing import get_args

import pytest
from pydantic import ValidationError
from pydantic_core import InitErrorDetails, core_schema

from layerkit.spec.diagnostics import problems_of
from layerkit.spec.phrases import phrase

JARGON = re.compile(r"(?i:input|should|dictionary|pydantic|value error|assertion)|None|[{}]")

CONTEXT = {
    **dict.fromkeys(("gt", "ge", "lt", "le", "multiple_of"), 1),
    **dict.fromkeys(("min_length", "max_length", "actual_length", "max_digits"), 3),
    **dict.fromkeys(("decimal_places", "whole_digits", "expected_version"), 4),
    **dict.fromkeys(("tz_expected", "tz_actual"), 0),
    **dict.fromkeys(("error", "reason", "encoding_error"), "reason"),
    **dict.fromkeys(("attribute", "method_name", "class", "class_name", "tag"), "Name"),
    **dict.fromkeys(("discriminator", "expected_tags", "expected_schemes", "expected"), "'name'"),
    **dict.fromkeys(("pattern", "encoding", "field_type"), "text"),
}


@pytest.mark.parametrize("kind", sorted({*get_args(core_schema.ErrorType)} - {"arguments_type"}))
def test_every_error_that_pydantic_knows_reads_as_one_of_ours(kind: core_schema.ErrorType) -> None:
    line = InitErrorDetails(type=kind, loc=("key",), input="value", ctx=CONTEXT)
    if kind in {"value_error", "assertion_error"}:
        line["ctx"] = {"error": ValueError("reason")}
    error = ValidationError.from_exception_data("Config", [line])
    for each in problems_of(error, {"key": "value"}):
        assert each.path == "key"
        assert each.reason
        assert not JARGON.search(each.reason), each.reason


@pytest.mark.parametrize(
    ("message", "reworded"),
    [
        ("Value error, must be even", "must be even"),
        ("Assertion failed, too large", "too large"),
        ("Value error, ", "expected another value"),
        ("Input should be a valid matrix", "expected matrix"),
        ("JSON input should be text", "expected text"),
        ("URL scheme should be 'http'", "expected the url scheme to be 'http'"),
        ("Decimal input should have 3 digits", "expected the decimal to have 3 digits"),
        ("Cannot read input", "Cannot read value"),
    ],
)
def test_a_message_without_a_phrase_of_our_own_is_made_to_fit(message: str, reworded: str) -> None:
    assert phrase("of_another_version", {}, message) == reworded


def test_a_phrase_of_our_own_comes_before_pydantics_message() -> None:
    assert phrase("int_type", {}, "Input should be a valid integer") == "expected an integer"
    assert phrase("less_than", {"lt": 1.0}, "Input should be ...") == "expected a number below 1"
