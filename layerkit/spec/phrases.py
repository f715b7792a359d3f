"""For every error of pydantic that a spec can run into, what it expected."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

Context: TypeAlias = Mapping[str, object]


def phrase(kind: str, context: Context, message: str) -> str:
    """Return what an error of that type expected.

    Parameters
    ----------
    kind, context
        Of the error.
    message
        What pydantic says of it; taken, and made to fit among ours, if there is nothing better.
    """
    known = PHRASES.get(kind)
    if known is None:
        return _reworded(message)
    return "expected " + (known if isinstance(known, str) else known(context))


def _reworded(message: str) -> str:
    message = re.sub(r"^(Value error|Assertion failed), ", "", message)
    message = re.sub(r"^(\w+ )?[Ii]nput should be (a valid )?", "expected ", message)
    message = re.sub(r"^(\w[\w ]*?)( input)? should (\w+)", _as_expectation, message)
    return re.sub(r"\b[Ii]nput\b", "value", message) or "expected another value"


def _as_expectation(found: re.Match[str]) -> str:
    return f"expected the {found[1].lower()} to {found[3]}"


def _number(bound: object) -> object:
    return int(bound) if isinstance(bound, float) and bound.is_integer() else bound


def _counted(context: Context, one: str, many: str) -> str:
    most = context.get("max_length")
    bound = context.get("min_length") if most is None else most
    return f"at {'least' if most is None else 'most'} {bound} {one if bound == 1 else many}"


def _entries(context: Context) -> str:
    return _counted(context, "entry", "entries")


def _characters(context: Context) -> str:
    return f"a string of {_counted(context, 'character', 'characters')}"


def _bytes(context: Context) -> str:
    return _counted(context, "byte", "bytes")


_SORTS = {
    "an integer": ("int_type", "int_from_float", "int_parsing", "int_parsing_size"),
    "a number": ("float_type", "float_parsing"),
    "a decimal number": ("decimal_type", "decimal_parsing"),
    "a complex number": ("complex_type", "complex_str_parsing"),
    "a fraction": ("fraction_type", "fraction_parsing"),
    "true or false": ("bool_type", "bool_parsing"),
    "a string": ("string_type", "string_unicode"),
    "bytes": ("bytes_type",),
    "no value": ("none_required",),
    "a date, such as 2001-02-03": (
        "date_type",
        "date_parsing",
        "date_from_datetime_parsing",
        "date_from_datetime_inexact",
    ),
    "a date and time, such as 2001-02-03T04:05:06": (
        "datetime_type",
        "datetime_parsing",
        "datetime_from_date_parsing",
    ),
    "a time, such as 04:05:06": ("time_type", "time_parsing"),
    "a duration": ("time_delta_type", "time_delta_parsing"),
    "a URL": ("url_type", "url_parsing", "url_syntax_violation"),
    "a UUID": ("uuid_type", "uuid_parsing"),
    "a list": (
        "list_type",
        "tuple_type",
        "set_type",
        "frozen_set_type",
        "deque_type",
        "iterable_type",
    ),
    "a table": (
        "dict_type",
        "mapping_type",
        "model_type",
        "model_attributes_type",
        "dataclass_type",
        "named_tuple_type",
    ),
}

PHRASES: Mapping[str, str | Callable[[Context], str]] = {
    **{kind: sort for sort, kinds in _SORTS.items() for kind in kinds},
    "finite_number": "a finite number",
    "literal_error": lambda context: f"{context['expected']}",
    "enum": lambda context: f"{context['expected']}",
    "greater_than": lambda context: f"a number above {_number(context['gt'])}",
    "greater_than_equal": lambda context: f"a number from {_number(context['ge'])}",
    "less_than": lambda context: f"a number below {_number(context['lt'])}",
    "less_than_equal": lambda context: f"a number up to {_number(context['le'])}",
    "multiple_of": lambda context: f"a multiple of {_number(context['multiple_of'])}",
    "too_short": _entries,
    "too_long": _entries,
    "string_too_short": _characters,
    "string_too_long": _characters,
    "bytes_too_short": _bytes,
    "bytes_too_long": _bytes,
    "string_pattern_mismatch": lambda context: f"a string that matches {context['pattern']}",
    "union_tag_invalid": lambda context: (
        f"{context['discriminator']} to be one of {context['expected_tags']}"
    ),
}
"""By the type of the error; ``expected`` comes before each."""

UNWRITABLE: Mapping[str, Callable[[Context], str]] = {
    "tuple_type": lambda _: "a tuple",
    "set_type": lambda _: "a set",
    "frozen_set_type": lambda _: "a frozen set",
    "deque_type": lambda _: "a deque",
    "is_instance_of": lambda context: f"a {context['class']}",
    "dataclass_exact_type": lambda context: f"a {context['class_name']}",
}
"""What only a config built in Python can hold, unless its field is not strict."""
