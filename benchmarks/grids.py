"""Tables of figures, for the terminal and for the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rich.box import SIMPLE_HEAD
from rich.table import Table

from benchmarks.spread import Spread


@dataclass(frozen=True, slots=True)
class Grid:
    """A table in words: a title, the heads of its columns, its rows.

    The first column is set left, the others right.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]

    def table(self) -> Table:
        """Return the table for a terminal."""
        table = Table(title=self.title, title_justify="left", box=SIMPLE_HEAD)
        for index, head in enumerate(self.heads):
            table.add_column(head, justify="right" if index else "left")
        for row in self.rows:
            table.add_row(*row)
        return table

    def markdown(self) -> str:
        """Return the table for the page, without its title."""
        marks = ["---", *("---:" for _ in self.heads[1:])]
        return "\n".join(f"| {' | '.join(row)} |" for row in (self.heads, marks, *self.rows))


def number(value: float) -> str:
    """Return a number to three digits at least: 0.0123, 1.23, 12.3, 1,234."""
    if value == 0:
        return "0"
    places = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{places}f}"


def within(spread: Spread) -> str:
    """Return a median with its quartiles in brackets."""
    return f"{number(spread.median)} ({number(spread.low)} to {number(spread.high)})"


def ratio(value: float) -> str:
    """Return a ratio to two places."""
    return f"{value:.2f}"


def ratio_within(spread: Spread) -> str:
    """Return a ratio's median with its quartiles in brackets."""
    return f"{ratio(spread.median)} ({ratio(spread.low)} to {ratio(spread.high)})"
