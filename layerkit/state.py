"""What a component remembers from step to step, declared so that a run can be saved and resumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from layerkit.arrays import Array
from layerkit.errors import DataError
from layerkit.values import is_table

Number: TypeAlias = bool | int | float | str
Numbers: TypeAlias = dict[str, "Number | Numbers"]


@dataclass
class State:
    """Base of the dataclasses in which components keep what must survive a restart.

    A subclass is a dataclass, not frozen and without slots, whose fields are bools, ints, floats,
    strings, arrays, dicts of arrays, or states themselves. ``Component.state`` returns it; the engine saves it with
    every checkpoint and restores it in place: numbers are assigned, arrays are copied into.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> from layerkit.state import State, saved
    >>> @dataclass
    ... class Plateau(State):
    ...     best: float = float("inf")
    ...     epochs: int = 0
    >>> saved(Plateau())
    ({'best': 'inf', 'epochs': 0}, {})
    """


def saved(state: State) -> tuple[Numbers, dict[str, Array]]:
    """Return the numbers of a state as JSON has them, and copies of its arrays by path."""
    numbers: Numbers = {}
    arrays: dict[str, Array] = {}
    for name, value in _fields(state).items():
        if isinstance(value, State):
            below, nested = saved(value)
            numbers[name] = below
            arrays |= {f"{name}.{path}": array for path, array in nested.items()}
        elif isinstance(value, np.ndarray):
            arrays[name] = value.copy()
        elif is_table(value):
            arrays |= {f"{name}.{path}": array.copy() for path, array in _arrays(value).items()}
        elif isinstance(value, float) and not np.isfinite(value):
            numbers[name] = str(value)  # JSON has no inf and no nan
        elif isinstance(value, bool | int | float | str):
            numbers[name] = value
        else:
            raise TypeError(f"{type(state).__name__}.{name}: {type(value).__name__} is no state")
    return numbers, arrays


def restore(state: State, numbers: Mapping[str, object], arrays: Mapping[str, Array]) -> None:
    """Put back what `saved` returned.

    Raises
    ------
    DataError
        If names, types or shapes are others than those of the state.
    """
    what = type(state).__name__
    fields = _fields(state)
    expected = {name for name, value in fields.items() if not _holds_arrays(value)}
    if expected != numbers.keys():
        raise DataError(f"{what}: expected {', '.join(expected)}; found {', '.join(numbers)}")
    for name, value in fields.items():
        if isinstance(value, State):
            found = numbers[name]
            if not is_table(found):
                raise DataError(f"{what}.{name}: expected a table, found {found!r}")
            restore(value, found, _below(name, arrays))
        elif isinstance(value, np.ndarray):
            _copy(f"{what}.{name}", arrays.get(name), value)
        elif is_table(value):
            stored = _below(name, arrays)
            for path, array in _arrays(value).items():
                _copy(f"{what}.{name}.{path}", stored.get(path), array)
        else:
            fields[name] = _number(f"{what}.{name}", value, numbers[name])


def _holds_arrays(value: object) -> bool:
    return isinstance(value, np.ndarray) or is_table(value)


def _arrays(table: dict[str, object]) -> dict[str, Array]:
    return {path: array for path, array in table.items() if isinstance(array, np.ndarray)}


def _below(name: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
    start = f"{name}."
    return {
        path.removeprefix(start): each for path, each in arrays.items() if path.startswith(start)
    }


def _copy(what: str, found: Array | None, into: Array) -> None:
    if found is None or found.shape != into.shape or found.dtype != into.dtype:
        stored = "none" if found is None else f"{found.dtype} {found.shape}"
        raise DataError(f"{what}: expected {into.dtype} {into.shape}, found {stored}")
    np.copyto(into, found)


def _number(what: str, current: object, found: object) -> object:
    if type(current) is float and isinstance(found, str | int | float):
        return float(found)
    if type(found) is not type(current):
        raise DataError(f"{what}: expected a {type(current).__name__}, found {found!r}")
    return found


def _fields(state: State) -> dict[str, object]:
    return vars(state)
