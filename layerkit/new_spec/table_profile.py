"""What is in a table: every column, and how columns go with the target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from layerkit.arrays import Array
from layerkit.formats.table import Chunk, TableSource
from layerkit.new_spec.column_profile import ColumnProfile

_MOST_TEXTS = 10_000
_MOST_TEXTS_IN_ALL = 1_000_000


@dataclass(slots=True)
class Pairing:
    """How the values of a column go with those of the target.

    Attributes
    ----------
    by_value
        The target's value that goes with each value; empty once one value went with two.
    is_function
        Whether every value so far goes with one value of the target.
    is_copy
        Whether different values go with different values of the target too.
    """

    is_function: bool = True
    by_value: dict[str, str] = field(default_factory=dict[str, str])
    _sums: Array = field(default_factory=lambda: np.zeros(6))
    _shift: tuple[float, float] | None = None

    @property
    def is_copy(self) -> bool:
        """Whether different values go with different values of the target too."""
        return self.is_function and len({*self.by_value.values()}) == len(self.by_value)

    @property
    def correlation(self) -> float:
        """Of the numbers with the target's; 0 where there are too few."""
        n, x, y, xx, yy, xy = self._sums.tolist()
        if n < 3:
            return 0.0
        spread = (xx - x * x / n) * (yy - y * y / n)
        return float((xy - x * y / n) / np.sqrt(spread)) if spread > 0 else 0.0

    def add(self, texts: Sequence[str | None], targets: Sequence[str | None], most: int) -> None:
        """Add some values and the target's beside them."""
        if not self.is_function:
            return
        for value, target in {*zip(texts, targets, strict=True)}:
            if value is None or target is None:
                continue
            if self.by_value.setdefault(value, target) != target or len(self.by_value) > most:
                self.is_function = False
                self.by_value.clear()
                return

    def add_numbers(self, values: Array, targets: Array) -> None:
        """Add some numbers and the target's beside them; nan where there is none."""
        both = ~(np.isnan(values) | np.isnan(targets))
        x, y = values[both], targets[both]
        if not len(x):
            return
        if self._shift is None:
            self._shift = float(x[0]), float(y[0])
        x, y = x - self._shift[0], y - self._shift[1]
        self._sums += [len(x), x.sum(), y.sum(), (x * x).sum(), (y * y).sum(), (x * y).sum()]


@dataclass(frozen=True, slots=True)
class TableProfile:
    """What is in a table.

    Attributes
    ----------
    name
        What messages call it.
    rows
        How many were read.
    columns
        What is in each, by name.
    pairings
        How each column but the target goes with the target, by name.
    """

    name: str
    rows: int
    columns: Mapping[str, ColumnProfile]
    pairings: Mapping[str, Pairing]


def profile_table(source: TableSource, target: str | None, most_rows: int | None) -> TableProfile:
    """Return what is in a table; it is read once.

    Parameters
    ----------
    source
        The table.
    target
        The column to predict, if it is known.
    most_rows
        How many rows are read; None for all.

    Raises
    ------
    DataError, FileError
        If it is damaged or cannot be read.
    """
    names = source.columns
    most = max(100, min(_MOST_TEXTS, _MOST_TEXTS_IN_ALL // max(len(names), 1)))
    columns = {name: ColumnProfile(name, most) for name in names}
    pairings = {name: Pairing() for name in names if target in names and name != target}
    rows = 0
    for chunk in _limited(source.chunks(names), most_rows):
        rows += len(chunk)
        found = {
            name: columns[name].add(cells, chunk.rows, source.decimal, source.thousands)
            for name, cells in zip(names, chunk.columns, strict=True)
        }
        for name, pairing in pairings.items():
            pairing.add(found[name][0], found[target or ""][0], most)
            pairing.add_numbers(found[name][1], found[target or ""][1])
    return TableProfile(source.name, rows, columns, pairings)


def _limited(chunks: Iterator[Chunk], most_rows: int | None) -> Iterator[Chunk]:
    if most_rows is None:
        yield from chunks
        return
    left = most_rows
    for chunk in chunks:
        if left < len(chunk):
            columns = [[*islice(column, left)] for column in chunk.columns]
            yield Chunk(columns, chunk.rows[:left])
            return
        yield chunk
        left -= len(chunk)
        if not left:
            return
