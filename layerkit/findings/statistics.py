"""Figures of every column of a part, in one pass over its rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layerkit.arrays import Array, Labels
from layerkit.engine.data import Part
from layerkit.findings.parts import DataParts


@dataclass(frozen=True, slots=True)
class Statistics:
    """Figures of the columns of a part, each ``(columns,)``.

    Attributes
    ----------
    missing
        How many cells have no value.
    least, largest
        Of the others; nan where there are none.
    least_at, largest_at
        The rows of the part that have them first.
    mean, deviation
        Of the others; the standard deviation.
    """

    missing: Labels
    least: Array
    largest: Array
    least_at: Labels
    largest_at: Labels
    mean: Array
    deviation: Array

    @property
    def varies(self) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Whether a column has more than one value."""
        return self.largest > self.least


def statistics_of(data: DataParts, part: Part) -> Statistics:
    """Return the figures of a part."""
    columns = len(data.columns)
    missing = np.zeros(columns, np.int64)
    least, largest = np.full(columns, np.nan), np.full(columns, np.nan)
    least_at, largest_at = np.zeros(columns, np.int64), np.zeros(columns, np.int64)
    shift: Array = np.full(columns, np.nan)
    total, squares = np.zeros(columns), np.zeros(columns)
    for start, cells in data.cells(part):
        unknown = np.isnan(cells)
        missing += unknown.sum(axis=0)
        low, high = np.where(unknown, np.inf, cells), np.where(unknown, -np.inf, cells)
        for values, best, at, choose in (
            (low, least, least_at, np.argmin),
            (high, largest, largest_at, np.argmax),
        ):
            rows = choose(values, axis=0)
            found = values[rows, np.arange(columns)]
            is_better = (found < best) if choose is np.argmin else (found > best)
            is_better |= np.isnan(best) & np.isfinite(found)
            best[is_better] = found[is_better]
            at[is_better] = start + rows[is_better]
        # From the first value, so that a large mean costs no digits.
        shift = np.where(np.isnan(shift), np.where(np.isfinite(least), least, np.nan), shift)
        moved = np.where(unknown, 0.0, cells - np.nan_to_num(shift))
        total += moved.sum(axis=0)
        squares += np.square(moved).sum(axis=0)
    known = np.maximum(len(part) - missing, 1)
    moved_mean = total / known
    variance = np.maximum(squares / known - np.square(moved_mean), 0)
    return Statistics(
        missing,
        least,
        largest,
        least_at,
        largest_at,
        np.nan_to_num(shift) + moved_mean,
        np.where(largest > least, np.sqrt(variance), 0.0),
    )
