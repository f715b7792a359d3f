"""Changes to a spec from outside, such as ``--set optimizer.learning_rate=0.05``."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterable

from layerkit.errors import UsageError
from layerkit.strict import is_list, is_table


def apply_overrides(table: dict[str, object], overrides: Iterable[str]) -> dict[str, object]:
    """Return a copy of a parsed spec with each ``path=value`` set.

    A path is keys and list indices joined by dots; a value is written as in TOML, and what TOML
    does not know is taken as a string.

    Raises
    ------
    UsageError
        If an override has no ``=``, or its path leads nowhere.
    """
    changed = copy.deepcopy(table)
    for override in overrides:
        path, equals, value = override.partition("=")
        keys = [key.strip() for key in path.split(".")]
        if not equals or not all(keys):
            raise UsageError(f"--set {override}: expected PATH=VALUE, such as training.epochs=3")
        _set(changed, keys, _parsed(value.strip()), override)
    return changed


def _parsed(value: str) -> object:
    try:
        parsed: dict[str, object] = tomllib.loads(f"value = {value}")
    except tomllib.TOMLDecodeError:
        return value
    return parsed["value"] if parsed.keys() == {"value"} else value


def _set(table: dict[str, object], keys: list[str], value: object, override: str) -> None:
    here: dict[str, object] | list[object] = table
    for depth, key in enumerate(keys):
        last = depth == len(keys) - 1
        if is_list(here):
            index = _index(here, key, ".".join(keys[:depth]), override)
            if last:
                here[index] = value
                return
            here[index] = below = _opened(here[index], override)
        else:
            if last:
                here[key] = value
                return
            here[key] = below = _opened(here.get(key, {}), override)
        here = below


def _index(entries: list[object], key: str, path: str, override: str) -> int:
    if key.isdecimal() and int(key) < len(entries):
        return int(key)
    expected = f"an index from 0 to {len(entries) - 1}" if entries else "nothing, it is empty"
    raise UsageError(f"--set {override}: '{path}' is a list; expected {expected}, found '{key}'")


def _opened(value: object, override: str) -> dict[str, object] | list[object]:
    """Return what a path can go on into; a bare component name opens into its table."""
    if isinstance(value, str):
        return {"type": value}
    if is_table(value) or is_list(value):
        return value
    raise UsageError(f"--set {override}: the path goes on below {value!r}, which is no table")
