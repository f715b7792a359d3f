"""JSON that every parser takes."""

from __future__ import annotations

import json
import math
from numbers import Integral, Real

from layerkit.errors import PluginError
from layerkit.values import is_list, is_table, is_tuple


def json_text(value: object, *, indent: int | None = None) -> str:
    """Return a value as JSON; null stands for numbers that are not finite, as JSON has none.

    Parameters
    ----------
    value
        Tables with strings as keys, lists, tuples, strings, numbers, NumPy's too, bools and None.
    indent
        Columns by which each level is indented; by default all is in one line.

    Raises
    ------
    PluginError
        If there is anything else in it, which can only come from a component.
    """
    return json.dumps(_plain(value, ""), indent=indent, allow_nan=False)


def _plain(value: object, path: str) -> object:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Integral):  # NumPy's scalars belong to these two as well
        return int(value)
    if isinstance(value, Real):
        number = float(value)
        return number if math.isfinite(number) else None
    if is_table(value):
        return {name: _plain(each, f"{path}.{name}".lstrip(".")) for name, each in value.items()}
    if is_list(value) or is_tuple(value):
        return [_plain(each, f"{path}.{i}".lstrip(".")) for i, each in enumerate(value)]
    raise PluginError(
        f"cannot write {path or 'a value'} as JSON: expected numbers, strings, lists and tables, "
        f"found {type(value).__name__}; a component must return plain values"
    )
