"""What pydantic finds wrong, in words for whoever wrote the spec."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Sequence

from pydantic_core import ErrorDetails

from layerkit.problems import PROBLEM, did_you_mean
from layerkit.spec.phrases import UNWRITABLE, Context, phrase
from layerkit.values import is_list, is_table, is_tuple

_CODES = {
    "missing": "missing-key",
    "union_tag_not_found": "missing-key",
    "extra_forbidden": "unknown-key",
}
_SAID = {PROBLEM, "value_error", "assertion_error"}
_MISMATCHES = {"literal_error", "enum", "none_required", "is_instance_of", "dataclass_exact_type"}


def code_of(line: ErrorDetails) -> str:
    """Return the stable name of what is wrong."""
    kind = line["type"]
    if kind == PROBLEM:
        return str(line.get("ctx", {})["code"])
    return _CODES.get(kind, "wrong-type" if kind.endswith("_type") else "wrong-value")


def is_mismatch(line: ErrorDetails) -> bool:
    """Tell whether the value is of another sort altogether, so that nobody looked into it."""
    return line["type"].endswith("_type") or line["type"] in _MISMATCHES


def reason_of(lines: Sequence[ErrorDetails]) -> str:
    """Return what was expected and what was found.

    Several lines about one value are what each member of a union says of it.
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
    if line["type"] in {"literal_error", "enum"} and isinstance(found, str):
        return did_you_mean(found, re.findall(r"'([^']*)'", str(context.get("expected"))))
    if _is_unwritable(line):
        return "the component is at fault: a field of that type needs Strict(strict=False)"
    return str(context.get("hint", ""))


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
    if kind in _CODES:
        return _about_key(kind, last, context)
    if kind == PROBLEM:
        return str(context["reason"])
    if _is_unwritable(line):
        return f"expected {UNWRITABLE[kind](context)}, which no spec can hold"
    return phrase(kind, context, line["msg"]) + (" as the key" if last == "[key]" else "")


def _about_key(kind: str, last: str | int, context: Context) -> str:
    if kind == "extra_forbidden":
        return f"unknown key '{last}'"
    if isinstance(last, int) and kind == "missing":
        return f"entry {last} is missing"
    key = f"'{last}'" if kind == "missing" else context["discriminator"]
    return f"required key {key} is missing"


def _is_unwritable(line: ErrorDetails) -> bool:
    """Tell whether a field is strict about a type of Python's that TOML and JSON do not have."""
    value: object = line["input"]
    return line["type"] in UNWRITABLE and (line["type"] in _MISMATCHES or is_list(value))


def _found(line: ErrorDetails, reason: str) -> str:
    """Return what was found, unless the reason says so already."""
    kind, context, value = line["type"], line.get("ctx", {}), line["input"]
    if kind in _CODES or re.search(r"\bfound\b", reason):
        return ""
    if kind in _SAID and (is_table(value) or not code_of(line).startswith("wrong-")):
        return ""
    if kind in {"too_short", "too_long"} and isinstance(context.get("actual_length"), int):
        return f", found {context['actual_length']}"
    return f", found {shown(context['tag'] if kind == 'union_tag_invalid' else value)}"
