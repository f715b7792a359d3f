"""Cells of a table as numbers and categories."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import TypeGuard

import numpy as np

from layerkit.arrays import Array, Labels
from layerkit.formats.table import Cell

_LARGEST = float(np.finfo(np.float32).max)
"""The largest number that fits into float32, in which networks compute by default."""
_BETWEEN = "\n"
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
        numbers = self._all_numbers()
        if numbers is not None:
            with np.errstate(invalid="ignore"):
                fit = np.count_nonzero(np.abs(numbers) <= _LARGEST)
            # A nan that is no missing value stands for itself: then there is one too many.
            if fit + self.values.count(None) == len(numbers):
                return numbers
        return np.array(
            [self._number(row, cell) for row, cell in enumerate(self.values)], np.float64
        )

    def _all_numbers(self) -> Array | None:
        """Return the numbers if all cells are numbers; quicker than one by one."""
        values = self.values
        if are_texts(values):
            return self._read(values)
        if _are_texts_or_missing(values):
            return self._read(["nan" if cell is None else cell for cell in values])
        if _are_numbers_or_missing(values):
            try:
                return np.array(values, np.float64)
            except OverflowError:
                pass
        return None

    def _read(self, texts: Sequence[str]) -> Array | None:
        text = _BETWEEN.join(texts)
        if text.count(_BETWEEN) >= max(1, len(texts)):
            return None
        if "_" in text or (self.thousands and self.thousands in text):
            return None
        if self.decimal != ".":
            if "." in text:
                return None
            texts = text.replace(self.decimal, ".").split(_BETWEEN)
        try:
            return np.array([*map(float, texts)], np.float64)
        except ValueError:
            return None

    def _number(self, row: int, cell: Cell) -> float:
        if cell is None:
            return np.nan
        try:
            number = float(self._plain(cell)) if isinstance(cell, str) else float(cell)
        except OverflowError:
            number = np.inf
        except ValueError:
            self.wrong.append((row, "a number"))
            return 0.0
        if not abs(number) <= _LARGEST:
            self.wrong.append((row, "a finite number that fits into float32"))
            return 0.0
        return number

    def _plain(self, text: str) -> str:
        """Return a text with a decimal point, as Python reads it.

        Raises
        ------
        ValueError
            If it is no number: Python would read underscores too, and any thousands here.
        """
        text = text.strip()
        if self.thousands and self.thousands in text:
            between, point = re.escape(self.thousands), re.escape(self.decimal)
            # Groups of two are those of India: 12,34,567.
            grouped = rf"[+-]?\d{{1,3}}(?:{between}\d{{2,3}})*{between}\d{{3}}(?:{point}\d*)?"
            if not re.fullmatch(grouped, text):
                raise ValueError
            text = text.replace(self.thousands, "")
        if "_" in text or (self.decimal != "." and "." in text):
            raise ValueError
        return text if self.decimal == "." else text.replace(self.decimal, ".")

    def indices(self, categories: Sequence[str]) -> Labels:
        """Return the index of every cell's category ``(n,)``; else `MISSING` or `UNKNOWN`."""
        known: dict[Cell, int] = {name.strip(): index for index, name in enumerate(categories)}
        known[None] = MISSING
        indices: Labels = np.array([*map(known.get, self.values, repeat(UNKNOWN))], np.int64)
        for row in np.flatnonzero(indices == UNKNOWN).tolist():
            found = (known[text] for text in texts_of(self.values[row]) if text in known)
            indices[row] = next(found, UNKNOWN)
        return indices


def are_texts(cells: Sequence[Cell]) -> TypeGuard[Sequence[str]]:
    """Tell whether every cell is a text."""
    return {*map(type, cells)} <= {str}


def _are_texts_or_missing(cells: Sequence[Cell]) -> TypeGuard[Sequence[str | None]]:
    return {*map(type, cells)} <= {str, type(None)}


def _are_numbers_or_missing(cells: Sequence[Cell]) -> TypeGuard[Sequence[float | None]]:
    return {*map(type, cells)} <= {int, float, bool, type(None)}


def texts_of(cell: Cell) -> tuple[str, ...]:
    """Return the texts that a value may have been written as, the most usual first."""
    if isinstance(cell, bool):
        name = str(cell)
        return name.lower(), name, name.upper(), str(int(cell))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell)), str(cell)
    return (str(cell).strip(),)


def missing_cells(texts: Iterable[str]) -> frozenset[Cell]:
    """Return the cells that stand for a missing value: texts, and the numbers written so."""
    cells = set[Cell]()
    for text in texts:
        cells.add(text.strip())
        try:
            number = float(text)
        except ValueError:
            continue
        if number == number and "_" not in text:  # noqa: PLR0124  # not nan
            cells.add(number)
    return frozenset(cells)
