"""Medians, spreads and paired ratios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some figures, with their lowest and highest."""

    median: float
    low: float
    high: float


def spread(figures: Sequence[float]) -> Spread:
    """Return median, lowest and highest; there is at least one figure."""
    return Spread(median(figures), min(figures), max(figures))


def paired_ratios(figures: Sequence[float], baseline: Sequence[float]) -> list[float]:
    """Return each figure as a multiple of the baseline's of the same round.

    What slows a whole round, such as another process on the machine, cancels out.
    """
    return [figure / base for figure, base in zip(figures, baseline, strict=True)]
