"""Changes to a spec by options, such as ``--set optimizer.learning_rate=0.05``."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable

from layerkit.errors import UsageError
from layerkit.messages import cut, shown
from layerkit.spec.parsing import MAX_DEPTH, ParseError, parse
from layerkit.spec.source import Override
from layerkit.values import is_list, is_table

_KEY = re.compile(r'\s*+(?:("(?:[^"\\]|\\.)*+")|([^."=\s](?:[^."=]*[^."=\s])?))\s*+([.=])')


def overrides_of(texts: Iterable[str | Override]) -> tuple[Override, ...]:
    """Return changes by options as overrides; a text is that of the next ``--set``.

    Raises
    ------
    UsageError
        If one has no ``=``.
    """
    found: list[Override] = []
    for number, text in enumerate(texts, 1):
        if isinstance(text, Override):
            found.append(text)
        else:
            found.append(Override(f"--set {number}", text, tuple(_split(text)[0])))
    return tuple(found)


def apply_overrides(
    table: dict[str, object], overrides: Iterable[str | Override]
) -> dict[str, object]:
    """Return a copy of a parsed spec with each ``path=value`` set.

    A path is keys and list indices joined by dots, a key with a dot of its own in double quotes;
    a value is written as in TOML, and what is not valid TOML is taken as a string.

    Raises
    ------
    UsageError
        If an override has no ``=``, or its path leads nowhere.
    """
    changed = copy.deepcopy(table)
    for override in overrides_of(overrides):
        keys, value = _split(override.text)
        _set(changed, keys, _parsed(value), override.text)
    return changed


def _split(override: str) -> tuple[list[str], str]:
    """Return the keys of an override's path, and its value as it is written."""
    keys: list[str] = []
    start = 0
    while found := _KEY.match(override, start):
        quoted, bare, end = found.groups()
        keys.append(_unquoted(quoted, override) if bare is None else bare)
        if len(keys) > MAX_DEPTH:
            raise _refusal(override, f"expected a path of at most {MAX_DEPTH} keys")
        start = found.end()
        if end == "=":
            return keys, override[start:].strip()
    raise _refusal(override, "expected PATH=VALUE, such as training.epochs=3")


def _unquoted(key: str, override: str) -> str:
    try:
        return str(json.loads(key))
    except ValueError:
        raise _refusal(override, f"expected a key in double quotes, found {key}") from None


def _parsed(value: str) -> object:
    """Return a value as TOML reads it, or as a string if it is not one TOML value."""
    try:
        alone = parse(f"value = {value}", "toml")
        parse(f"value = [{value}]", "toml")  # fails for a comment, or for keys on further lines
    except ParseError:
        return value
    return alone["value"]


def _set(table: dict[str, object], keys: list[str], value: object, override: str) -> None:
    here: dict[str, object] | list[object] = table
    for depth, key in enumerate(keys):
        last = depth == len(keys) - 1
        below: object
        if isinstance(here, dict):
            below = here[key] = value if last else _opened(here.get(key), override)
        else:
            index = _index(here, key, ".".join(keys[:depth]), override)
            below = here[index] = value if last else _opened(here[index], override)
        if is_table(below) or is_list(below):
            here = below


def _index(entries: list[object], key: str, path: str, override: str) -> int:
    if re.fullmatch(r"[0-9]{1,9}", key) and int(key) < len(entries):
        return int(key)
    expected = f"an index from 0 to {len(entries) - 1}" if entries else "nothing, it is empty"
    raise _refusal(override, f"'{path}' is a list; expected {expected}, found '{cut(key, 60)}'")


def _opened(value: object, override: str) -> dict[str, object] | list[object]:
    """Return what a path can go on into; a bare component name opens into its table."""
    if value is None:
        return {}
    if isinstance(value, str):
        return {"type": value}
    if is_table(value) or is_list(value):
        return value
    raise _refusal(override, f"the path goes on below {shown(value)}, which is no table")


def _refusal(override: str, reason: str) -> UsageError:
    return UsageError(f"--set {cut(override, 100)}: {reason}")
