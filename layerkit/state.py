"""State that a component keeps from step to step, so that a run can be saved and resumed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np

from layerkit.arrays import Array
from layerkit.errors import DataError, PluginError
from layerkit.values import is_table

Number: TypeAlias = bool | int | float | str
Numbers: TypeAlias = dict[str, "Number | Numbers"]

_NOT_FINITE = ("inf", "-inf", "nan")


@dataclass
class State:
    """Base of the dataclasses in which components keep what must survive a restart.

    A subclass is a dataclass, not frozen and without slots, whose fields are bools, ints, floats,
    strings, arrays, dicts of arrays, or states themselves. ``Component.state`` returns it; the
    engine saves it with every checkpoint and restores it in place: numbers are assigned, arrays
    are copied into.

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
    """Return the numbers of a state as JSON has them, and copies of its arrays by path.

    Raises
    ------
    PluginError
        If a field is nothing that can be saved.
    """
    return _numbers(state), {path: array.copy() for path, array in _arrays(state)}


def strange_field(state: State) -> str:
    """Return what is wrong with a field that cannot be saved; nothing if all can be."""
    try:
        _numbers(state)
    except PluginError as error:
        return str(error)
    return ""


def restore(state: State, numbers: Mapping[str, object], arrays: Mapping[str, Array]) -> None:
    """Put back what `saved` returned, all of it or, after an error, nothing.

    Raises
    ------
    DataError
        If names, types or shapes differ from those of the state.
    """
    for assign in list(restoring(state, numbers, arrays)):
        assign()


def restoring(
    state: State, numbers: Mapping[str, object], arrays: Mapping[str, Array]
) -> Iterator[Callable[[], None]]:
    """Check what `restore` would put back, and yield the calls that put it there."""
    own = dict(_arrays(state))
    expect_names(f"{type(state).__name__}: expected the arrays", own, arrays)
    for path, array in own.items():
        expect_like(f"{type(state).__name__}.{path}", array, arrays[path])
        yield partial(np.copyto, array, arrays[path])
    yield from _restoring_numbers(state, numbers)


def expect_names(expected: str, own: Iterable[str], found: Iterable[str]) -> None:
    """Check that the same names are there.

    Raises
    ------
    DataError
        If they are not; begins with ``expected``.
    """
    own, found = list(own), list(found)
    if set(own) != set(found):
        raise DataError(
            f"{expected} {', '.join(own) or 'none'}; found {', '.join(found) or 'none'}"
        )


def expect_like(what: str, own: Array, found: Array) -> None:
    """Check that an array has the shape and the dtype of the one that it replaces.

    Raises
    ------
    DataError
        If it does not.
    """
    if found.shape != own.shape or found.dtype != own.dtype:
        raise DataError(
            f"{what}: expected {own.dtype} {own.shape}, found {found.dtype} {found.shape}"
        )


def _numbers(state: State) -> Numbers:
    numbers: Numbers = {}
    for name, value in vars(state).items():
        if isinstance(value, State):
            numbers[name] = _numbers(value)
        elif isinstance(value, float):
            plain = float(value)  # a subclass, such as NumPy's, would be saved otherwise
            numbers[name] = plain if np.isfinite(plain) else str(plain)  # JSON has no inf, no nan
        elif isinstance(value, bool | int | str):
            numbers[name] = value
        elif not _holds_arrays(value):
            raise PluginError(
                f"{type(state).__name__}.{name}: expected a bool, int, float, string, array, dict "
                f"of arrays or state, found {type(value).__name__}"
            )
    return numbers


def _arrays(state: State) -> Iterator[tuple[str, Array]]:
    """Yield every array of a state, those in dicts and in inner states too, by its path."""
    for name, value in vars(state).items():
        if isinstance(value, State):
            for path, array in _arrays(value):
                yield f"{name}.{path}", array
        elif isinstance(value, np.ndarray):
            yield name, value
        elif is_table(value):
            for key, each in value.items():
                if isinstance(each, np.ndarray):
                    yield f"{name}.{key}", each


def _holds_arrays(value: object) -> bool:
    if is_table(value):
        return all(isinstance(each, np.ndarray) for each in value.values())
    return isinstance(value, np.ndarray)


def _restoring_numbers(state: State, numbers: Mapping[str, object]) -> Iterator[Callable[[], None]]:
    what, fields = type(state).__name__, vars(state)
    own = _numbers(state)
    expect_names(f"{what}: expected", own, numbers)
    for name in own:
        value, found = fields[name], numbers[name]
        if not isinstance(value, State):
            yield partial(fields.__setitem__, name, _number(f"{what}.{name}", value, found))
        elif is_table(found):
            yield from _restoring_numbers(value, found)
        else:
            raise DataError(f"{what}.{name}: expected a table, found {found!r}")


def _number(what: str, current: object, found: object) -> object:
    if isinstance(current, float):
        if isinstance(found, float) or found in _NOT_FINITE:
            return float(str(found))
        raise DataError(f"{what}: expected a float, found {found!r}")
    if type(found) is not type(current):
        raise DataError(
            f"{what}: expected a value of type {type(current).__name__}, found {found!r}"
        )
    return found
