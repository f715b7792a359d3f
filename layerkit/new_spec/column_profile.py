"""What is in one column of a table, found a chunk at a time in memory of a fixed size."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts.cells import Cells, texts_of
from layerkit.formats.table import Cell
from layerkit.moments import Moments
from layerkit.new_spec.texts import is_date, is_missing_text

_LONGEST_TEXT = 200
_MOST_STRANGE = 20
_LEADING_ZERO = re.compile(r"[+-]?0\d+")


@dataclass(slots=True)
class ColumnProfile:
    """What is in one column.

    Attributes
    ----------
    name
        Of the column.
    most_texts
        How many different texts are counted; beyond, `has_more_texts` is set.
    rows, missing
        How many cells there are, and how many of them have no value.
    missing_texts
        The texts that stand for missing values, as they are in the file, and how often.
    texts
        How often each text is there, without blanks around it, in the order of the file.
    numbers, integers, dates
        How many values are numbers, whole numbers, dates.
    has_leading_zeros
        Whether whole numbers begin with zeros, as codes do.
    strange
        Values that are no numbers, how often, and the row of the first of each; at most 20.
    least, largest
        Of the numbers.
    step
        By how much whole numbers go up from row to row; None where they do not do so evenly.
    """

    name: str
    most_texts: int
    rows: int = 0
    missing: int = 0
    missing_texts: Counter[str] = field(default_factory=Counter[str])
    texts: Counter[str] = field(default_factory=Counter[str])
    has_more_texts: bool = False
    numbers: int = 0
    integers: int = 0
    dates: int = 0
    has_leading_zeros: bool = False
    strange: Counter[str] = field(default_factory=Counter[str])
    strange_rows: dict[str, int] = field(default_factory=dict[str, int])
    least: float = math.inf
    largest: float = -math.inf
    step: float | None = None
    _last: float | None = None
    _is_even: bool = True
    _moments: Moments = field(default_factory=lambda: Moments(1))

    @property
    def values(self) -> int:
        """How many cells have a value."""
        return self.rows - self.missing

    @property
    def distinct(self) -> int:
        """How many different values there are, or were counted."""
        return len(self.texts)

    @property
    def is_number(self) -> bool:
        """Whether all values are numbers."""
        return 0 < self.numbers == self.values

    @property
    def is_integer(self) -> bool:
        """Whether all values are whole numbers."""
        return 0 < self.integers == self.values

    @property
    def mean(self) -> float:
        """Of the numbers; 0 without any."""
        return float(self._moments.mean[0]) if self._moments.count else 0.0

    @property
    def deviation(self) -> float:
        """Of the numbers: their standard deviation; 0 without any."""
        if not self._moments.count:
            return 0.0
        return math.sqrt(float(self._moments.variance(unbiased=False)[0]))

    def add(
        self, cells: Sequence[Cell], rows: Sequence[int], decimal: str, thousands: str
    ) -> tuple[list[str | None], Array]:
        """Add some cells; return their texts, and numbers ``(n,)`` with nan where there is none.

        Parameters
        ----------
        cells
            In the order of the file.
        rows
            Where each of them is.
        decimal, thousands
            How numbers are written.
        """
        raw = [cell if isinstance(cell, str) else _text(cell) for cell in cells]
        self.rows += len(raw)
        counts = Counter(raw)
        plain: dict[str | None, str | None] = {}
        times: dict[str, int] = {}
        for text, number in counts.items():
            if text is None or is_missing_text(text):
                plain[text] = None
                self.missing += number
                if text is not None:
                    self.missing_texts[text] += number
            else:
                stripped = text.strip()
                plain[text] = stripped
                times[stripped] = times.get(stripped, 0) + number
        self._count(times)
        texts = [plain[text] for text in raw]
        numbers = self._numbers(texts, times, rows, decimal, thousands)
        self._follow(numbers)
        return texts, numbers

    def _count(self, times: Mapping[str, int]) -> None:
        """Count texts, each of which is there so many times."""
        known, room = self.texts, self.most_texts
        may_be_dates = self.dates == self.values - sum(times.values())
        for text, number in times.items():
            kept = text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}{hash(text)}"
            if kept in known or len(known) < room:
                known[kept] += number
            else:
                self.has_more_texts = True
            if may_be_dates and is_date(text):
                self.dates += number
            if text[0] in "0+-" and _LEADING_ZERO.fullmatch(text):
                self.has_leading_zeros = True

    def _numbers(
        self,
        texts: Sequence[str | None],
        times: Mapping[str, int],
        rows: Sequence[int],
        decimal: str,
        thousands: str,
    ) -> Array:
        """Return the numbers in some texts, nan elsewhere; each text is read once."""
        distinct = [*times]
        cells = Cells(distinct, decimal, thousands)
        found = cells.numbers()
        wrong = [index for index, _ in cells.wrong]
        found[wrong] = np.nan
        for text in (distinct[index] for index in wrong):
            if text in self.strange or len(self.strange) < _MOST_STRANGE:
                self.strange[text] += times[text]
                self.strange_rows.setdefault(text, rows[texts.index(text)])
        numbers = found
        if len(distinct) < len(texts):
            by_text: dict[str | None, float] = dict(zip(distinct, found.tolist(), strict=True))
            by_text[None] = np.nan
            numbers = np.array([by_text[text] for text in texts], np.float64)
        known = numbers[~np.isnan(numbers)]
        if len(known):
            self.numbers += len(known)
            self.integers += int(np.count_nonzero(known == np.floor(known)))
            self.least = min(self.least, float(known.min()))
            self.largest = max(self.largest, float(known.max()))
            self._moments.add(known[:, np.newaxis])
        return numbers

    def _follow(self, numbers: Array) -> None:
        """Follow whether numbers go up evenly, as row numbers do."""
        if not self._is_even or not len(numbers):
            return
        before = [] if self._last is None else [self._last]
        steps = np.unique(np.diff(np.concatenate([before, numbers])))
        self._last = float(numbers[-1])
        if not len(steps):
            return
        step = float(steps[0])
        self._is_even = len(steps) == 1 and step > 0 and self.step in {None, step}
        self.step = step if self._is_even else None


def _text(cell: Cell) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell
    return texts_of(cell)[0]
