"""Errors of pydantic, in words for the author of the spec."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from pydantic_core import ErrorDetails

from layerkit.problems import PROBLEM, did_you_mean
from layerkit.values import is_list, is_table, is_tuple

Context: TypeAlias = Mapping[str, object]

_EXPECTED: Mapping[str, str | Callable[[Context], str]] = {
    **dict.fromkeys(("int_type", "int_from_float", "int_parsing"), "an integer"),
    **dict.fromkeys(("float_type", "float_parsing"), "a number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    "string_type": "a string",
    **dict.fromkeys(("list_type", "tuple_type"), "a list"),
    **dict.fromkeys(("dict_type", "model_type"), "a table"),
    "finite_number": "a finite number",
    "literal_error": lambda context: f"{context['expected']}",
    "greater_than": lambda context: f"a number above {_number(context['gt'])}",
    "greater_than_equal": lambda context: f"a number from {_number(context['ge'])}",
    "less_than": lambda context: f"a number below {_number(context['lt'])}",
    "less_than_equal": lambda context: f"a number up to {_number(context['le'])}",
    "too_short": lambda context: f"at least {_entries(context['min_length'])}",
    "too_long": lambda context: f"at most {_entries(context['max_length'])}",
}
"""By the type of the error, what was expected; others are worded by pydantic."""

_CODES = {"missing": "missing-key", "extra_forbidden": "unknown-key"}
_SAID = {PROBLEM, "value_error", "assertion_error"}
_MISMATCHES = {"literal_error", "is_instance_of"}
_PYTHON_ONLY = {"tuple_type", "set_type", "frozen_set_type"}
"""Sequences of Python's; strict fields take nothing else, and a spec has only lists."""


def code_of(line: ErrorDetails) -> str:
    """Return the stable name of what is wrong."""
    kind = line["type"]
    if kind == PROBLEM:
        return str(line.get("ctx", {})["code"])
    return _CODES.get(kind, "wrong-type" if kind.endswith("_type") else "wrong-value")


def is_mismatch(line: ErrorDetails) -> bool:
    """Tell whether the value has the wrong type, so that its contents were not validated."""
    return line["type"].endswith("_type") or line["type"] in _MISMATCHES


def reason_of(lines: Sequence[ErrorDetails]) -> str:
    """Return what was expected and what was found.

    Several errors about one value come from the members of a union.
    """
    known = [line for line in lines if code_of(line) != "unknown-key"]
    reasons = list(dict.fromkeys(_expectation(line) for line in known or lines))
    if all(reason.startswith("expected ") for reason in reasons):
        reason = "expected " + " or ".join(each.removeprefix("expected ") for each in reasons)
    else:
        reason = "; or ".join(reasons)
    return reason + _found(lines[0], reason)


def hint_of(line: ErrorDetails) -> str:
    """Return what to do about it; may be empty."""
    context: Context = line.get("ctx", {})
    found: object = line["input"]
    if line["type"] == "literal_error" and isinstance(found, str):
        return did_you_mean(found, re.findall(r"'([^']*)'", str(context.get("expected"))))
    if isinstance(found, str) and line["type"] in {"int_type", "float_type"} and _is_numeral(found):
        return "write it without quotes"
    if _is_unwritable(line):
        return "the component is at fault: a field of that type needs Strict(strict=False)"
    return str(context.get("hint", ""))


def _is_numeral(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?", text) is not None


def shown(value: object) -> str:
    """Return a value as the author of a spec would know it, cut short."""
    if value is None or isinstance(value, bool):
        text = json.dumps(value)
    elif isinstance(value, int) and value.bit_length() > 64:
        text = f"one of {value.bit_length()} bits"
    elif isinstance(value, datetime.date | datetime.time):
        text = value.isoformat()
    elif is_table(value):
        text = "a table" if value else "an empty table"
    elif is_list(value) or is_tuple(value):
        text = "a list" if value else "an empty list"
    else:
        text = repr(value)
    return cut(text, 60)


def cut(text: str, most: int) -> str:
    """Return a text, shortened if it is longer than that."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


def _expectation(line: ErrorDetails) -> str:
    kind, context = line["type"], line.get("ctx", {})
    last = line["loc"][-1] if line["loc"] else ""
    if kind == "missing":
        missing = f"entry {last}" if isinstance(last, int) else f"required key '{last}'"
        return f"{missing} is missing"
    if kind == "extra_forbidden":
        return f"unknown key '{last}'"
    if kind == PROBLEM:
        return str(context["reason"])
    if _is_unwritable(line):
        return "expected what no spec can hold"
    expected = _EXPECTED.get(kind)
    if expected is None:
        return _reworded(line["msg"])
    words = expected if isinstance(expected, str) else expected(context)
    return f"expected {words}" + (" as the key" if last == "[key]" else "")


def _reworded(message: str) -> str:
    """Return what pydantic says, in the form of our own messages."""
    message = re.sub(r"^(Value error|Assertion failed), ", "", message)
    message = re.sub(r"^(\w+ )?[Ii]nput should be (a valid )?", "expected ", message)
    message = re.sub(r"^(\w[\w ]*?)( input)? should (\w+)", _as_expectation, message)
    return re.sub(r"\b[Ii]nput\b", "value", message) or "expected another value"


def _as_expectation(found: re.Match[str]) -> str:
    return f"expected the {found[1].lower()} to {found[3]}"


def _number(bound: object) -> object:
    return int(bound) if isinstance(bound, float) and bound.is_integer() else bound


def _entries(bound: object) -> str:
    return f"{bound} {'entry' if bound == 1 else 'entries'}"


def _is_unwritable(line: ErrorDetails) -> bool:
    """Tell whether a field is strict about a type of Python's that TOML and JSON do not have."""
    value: object = line["input"]
    kind = line["type"]
    return kind == "is_instance_of" or (kind in _PYTHON_ONLY and is_list(value))


def _found(line: ErrorDetails, reason: str) -> str:
    """Return what was found, unless the reason says so already."""
    kind, context, value = line["type"], line.get("ctx", {}), line["input"]
    if kind in _CODES or re.search(r"\bfound\b", reason):
        return ""
    if kind in _SAID and (is_table(value) or not code_of(line).startswith("wrong-")):
        return ""
    if kind in {"too_short", "too_long"} and isinstance(context.get("actual_length"), int):
        return f", found {context['actual_length']}"
    return f", found {shown(value)}"
