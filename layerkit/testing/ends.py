"""How two runs ended, and where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts.events import EpochEnded
from layerkit.engine.checkpoint import TrainingState
from layerkit.testing.expect import index_of
from layerkit.values import is_table

_VECTORS = {"parameters", "state"}
"""What the arrays of the network hold too, by their paths."""


@dataclass(frozen=True, slots=True)
class End:
    """How a run ended.

    Attributes
    ----------
    arrays
        Parameters and layers' state, by path.
    state
        All that was saved at the end.
    """

    arrays: Mapping[str, Array]
    state: TrainingState


def difference(expected: End, found: End, ignored: frozenset[str] = frozenset()) -> str:
    """Return the first difference of two ends, in words; empty if they have the same bits.

    Parameters
    ----------
    expected, found
        What is compared.
    ignored
        Numbers of components that do not count; see `numbers_apart`.
    """
    own, others = _all_arrays(expected), _all_arrays(found)
    if own.keys() != others.keys():
        return f"expected the arrays {', '.join(own)}; found {', '.join(others)}"
    for name, array in own.items():
        if array.tobytes() != others[name].tobytes():
            return _of_arrays(name, array, others[name])
    numbers, other_numbers = dict(_numbers(expected)), dict(_numbers(found))
    for name in {**numbers, **other_numbers}:
        before, now = numbers.get(name), other_numbers.get(name)
        if name not in ignored and before != now:
            return f"{name}: expected {before}, found {now}"
    return _of_histories(expected.state.history, found.state.history)


def numbers_apart(one: End, other: End) -> frozenset[str]:
    """Return which numbers of components differ, such as times: they say nothing of bits."""
    numbers, others = dict(_numbers(one)), dict(_numbers(other))
    return frozenset(name for name in numbers if numbers[name] != others.get(name))


def without_times(history: Sequence[EpochEnded]) -> list[EpochEnded]:
    """Return a history with zeros for the times."""
    return [replace(each, seconds=0.0, examples_per_second=0.0) for each in history]


def _all_arrays(end: End) -> dict[str, Array]:
    others = {name: each for name, each in end.state.arrays.items() if name not in _VECTORS}
    return {**end.arrays, **others}


def _numbers(end: End) -> Iterator[tuple[str, object]]:
    for name, table in end.state.numbers.items():
        yield from _flat(name, table)


def _flat(name: str, value: object) -> Iterator[tuple[str, object]]:
    if is_table(value):
        for key, each in value.items():
            yield from _flat(f"{name}.{key}", each)
    else:
        yield name, value


def _of_arrays(name: str, expected: Array, found: Array) -> str:
    if expected.shape != found.shape or expected.dtype != found.dtype:
        return (
            f"{name}: expected {expected.dtype} {expected.shape}, found {found.dtype} {found.shape}"
        )
    item = expected.dtype.itemsize
    ours, theirs = (
        np.frombuffer(each.tobytes(), np.uint8).reshape(-1, item) for each in (expected, found)
    )
    wrong = np.flatnonzero((ours != theirs).any(axis=1))
    index = index_of(expected, wrong[0])
    return (
        f"{name}: expected {expected[index]!r}, found {found[index]!r} at {index}; "
        f"{wrong.size} of {expected.size} values differ"
    )


def _of_histories(expected: Sequence[EpochEnded], found: Sequence[EpochEnded]) -> str:
    if len(expected) != len(found):
        return f"history: expected {len(expected)} epochs, found {len(found)}"
    for before, now in zip(without_times(expected), without_times(found), strict=True):
        figures = dict(_flat(f"history of epoch {before.epoch}", asdict(before)))
        others = dict(_flat(f"history of epoch {now.epoch}", asdict(now)))
        for name in {**figures, **others}:
            # As text, nan is nan.
            if repr(figures.get(name)) != repr(others.get(name)):
                return f"{name}: expected {figures.get(name)}, found {others.get(name)}"
    return ""
