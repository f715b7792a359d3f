"""Cells of a table as numbers and categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from layerkit.arrays import Array, Labels
from layerkit.formats.table import Cell

_LARGEST = float(np.finfo(np.float32).max)
"""The largest number that fits into float32, in which networks compute by default."""
MISSING = -1
"""Stands for a missing value among the indices of categories."""
UNKNOWN = -2
"""Stands for a text that is no category."""


@dataclass(slots=True)
class Cells:
    """Some cells of one column, and what was found out about them.

    Attributes
    ----------
    values
        The cells; None where a value is missing.
    decimal, thousands
        The characters that stand for the decimal point and between thousands in texts.
    dropped
        Rows that are to be left out.
    wrong
        Rows whose cell is not what was expected, and what was.
    """

    values: Sequence[Cell]
    decimal: str = "."
    thousands: str = ""
    dropped: list[int] = field(default_factory=list[int])
    wrong: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])

    def numbers(self) -> Array:
        """Return numbers ``(n,)``, nan where a value is missing; others are noted as wrong."""
        if self.decimal == "." and not self.thousands:
            try:
                numbers: Array = np.array([_float(cell) for cell in self.values], np.float64)
            except (TypeError, ValueError, OverflowError):
                pass
            else:
                if np.abs(numbers).max(initial=0) <= _LARGEST:
                    return numbers
        return np.array([self._number(row, cell) for row, cell in enumerate(self.values)])

    def _number(self, row: int, cell: Cell) -> float:
        if cell is None:
            return np.nan
        try:
            number = _float(self._plain(cell) if isinstance(cell, str) else cell)
        except (ValueError, OverflowError):
            self.wrong.append((row, "a number"))
            return 0.0
        if not abs(number) <= _LARGEST:
            self.wrong.append((row, "a finite number that fits into float32"))
            return 0.0
        return number

    def _plain(self, text: str) -> str:
        """Return a text with a decimal point, as Python reads it."""
        if self.thousands:
            text = text.replace(self.thousands, "")
        if self.decimal == ".":
            return text
        return "no number" if "." in text else text.replace(self.decimal, ".")

    def indices(self, categories: Sequence[str]) -> Labels:
        """Return the index of every cell's category ``(n,)``; else `MISSING` or `UNKNOWN`."""
        known: dict[Cell, int] = {name: index for index, name in enumerate(categories)}
        return np.array(
            [known[cell] if cell in known else _index(cell, known) for cell in self.values],
            np.int64,
        )


def _float(cell: Cell) -> float:
    """Return a number; Python would read underscores in a text too."""
    if cell is None or (isinstance(cell, str) and "_" in cell):
        raise ValueError
    return float(cell)


def _index(cell: Cell, known: dict[Cell, int]) -> int:
    if cell is None:
        return MISSING
    found = (known[text] for text in texts_of(cell) if text in known)
    return next(found, UNKNOWN)


def texts_of(cell: Cell) -> tuple[str, ...]:
    """Return the texts that a value may have been written as, the most usual first."""
    if isinstance(cell, bool):
        name = str(cell)
        return name.lower(), name, name.upper(), str(int(cell))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell)), str(cell)
    return (str(cell).strip(),)
