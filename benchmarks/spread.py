"""Medians, quartiles and paired ratios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some figures, and the quartiles below and above it."""

    median: float
    low: float
    high: float


def spread(figures: Sequence[float]) -> Spread:
    """Return median and quartiles; there is at least one figure."""
    if len(figures) == 1:
        return Spread(figures[0], figures[0], figures[0])
    low, _, high = quantiles(figures, n=4, method="inclusive")
    return Spread(median(figures), low, high)


def paired_ratios(figures: Sequence[float], baseline: Sequence[float]) -> list[float]:
    """Return each figure as a multiple of the baseline's of the same round.

    What slows a whole round, such as another process on the machine, cancels out.
    """
    return [figure / base for figure, base in zip(figures, baseline, strict=True)]
