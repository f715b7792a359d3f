"""Types of the values in parsed TOML and JSON, and checks that type checkers understand."""

from __future__ import annotations

from typing_extensions import TypeIs


def unchecked(value: object) -> object:
    """Return a value whose type somebody else promised, for a check whether it is that type."""
    return value


def is_table(value: object) -> TypeIs[dict[str, object]]:
    """Tell whether a parsed value is a table; TOML and JSON have no keys but strings."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeIs[list[object]]:
    """Tell whether a parsed value is a list."""
    return isinstance(value, list)


def is_tuple(value: object) -> TypeIs[tuple[object, ...]]:
    """Tell whether a value of a model is a tuple."""
    return isinstance(value, tuple)


def is_sequence(value: object) -> TypeIs[list[object] | tuple[object, ...]]:
    """Tell whether a value is a list or a tuple."""
    return isinstance(value, list | tuple)
