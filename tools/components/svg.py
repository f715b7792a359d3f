"""Plots of a few lines as SVG, in colours that can be read on light and on dark ground."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH = 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 348, 14, 174
"""Where the axes are."""
_ROW = 16
"""Height of a row of text below."""
_GREY = "#808080"
_STYLES = (("#3b82f6", ""), ("#f08c00", "6 4"))
"""Colour and dashes of every line; the second differs in grey too."""
_TICKS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a plot: its name below, and its points from left to right."""

    name: str
    xs: Sequence[float]
    ys: Sequence[float]


def plot(title: str, lines: Sequence[Line], x_name: str = "") -> str:
    """Return a plot of one or two lines.

    Parameters
    ----------
    title
        For those who cannot see it.
    lines
        What is drawn.
    x_name
        What the horizontal axis is, written at its end.
    """
    x_axis = _Axis.of([x for line in lines for x in line.xs], _LEFT, _RIGHT, margin=0)
    y_axis = _Axis.of([0.0, *(y for line in lines for y in line.ys)], _BOTTOM, _TOP, margin=0.04)
    legend = _BOTTOM + (2 if x_name else 1) * _ROW
    height = legend + len(lines) * _ROW + 6
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" font-size="11">',
        f"<title>{escape(title)}</title>",
        *_grid(x_axis, y_axis),
        _text(_RIGHT, legend - 2, x_name, "end") if x_name else "",
    ]
    for number, line in enumerate(lines, start=1):
        colour, dashes = _STYLES[number - 1]
        style = f'fill="none" stroke="{colour}" stroke-width="2"'
        style += f' stroke-dasharray="{dashes}"' if dashes else ""
        points = " ".join(
            f"{_decimal(x_axis.at(x))},{_decimal(y_axis.at(y))}"
            for x, y in zip(line.xs, line.ys, strict=True)
        )
        parts.append(f'<polyline {style} stroke-linejoin="round" points="{points}"/>')
        below = legend + number * _ROW
        parts.append(f'<path {style} d="M{_LEFT} {below - 4}h22"/>')
        parts.append(_text(_LEFT + 28, below, line.name))
    return "\n".join([*filter(None, parts), "</svg>", ""])


@dataclass(frozen=True, slots=True)
class _Axis:
    """Values from ``low`` to ``high`` between two places of the picture, and where it has marks."""

    low: float
    high: float
    start: float
    end: float
    marks: Sequence[float]

    @classmethod
    def of(cls, values: Sequence[float], start: float, end: float, margin: float) -> _Axis:
        """Return the axis for some values, from mark to mark, and a share of it at both ends."""
        low, high = min(values), max(values)
        step = _round_step((high - low) / _TICKS)
        first, last = math.floor(low / step + 1e-3), math.ceil(high / step - 1e-3)
        free = margin * (last - first) * step
        marks = [number * step for number in range(first, last + 1)]
        return cls(first * step - free, last * step + free, start, end, marks)

    def at(self, value: float) -> float:
        """Return where a value is in the picture."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def _round_step(least: float) -> float:
    """Return the smallest of 1, 2, 5, 10, 20, ... that is not below ``least``."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least * (1 - 1e-6))


def _grid(x_axis: _Axis, y_axis: _Axis) -> list[str]:
    """Return lines at the marks, that at 0 stronger, and their numbers."""
    parts: list[str] = []
    for mark in x_axis.marks:
        x = _decimal(x_axis.at(mark))
        parts.append(_rule(f"M{x} {_TOP}V{_BOTTOM}", strong=abs(mark) < 1e-9))
        parts.append(_text(x_axis.at(mark), _BOTTOM + 14, f"{mark:g}", "middle"))
    for mark in y_axis.marks:
        y = _decimal(y_axis.at(mark))
        parts.append(_rule(f"M{_LEFT} {y}H{_RIGHT}", strong=abs(mark) < 1e-9))
        parts.append(_text(_LEFT - 6, y_axis.at(mark) + 4, f"{mark:g}", "end"))
    return parts


def _rule(path: str, *, strong: bool) -> str:
    opacity = "0.9" if strong else "0.25"
    return f'<path stroke="{_GREY}" stroke-opacity="{opacity}" d="{path}"/>'


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    place = f'x="{_decimal(x)}" y="{_decimal(y)}"'
    return f'<text {place} fill="{_GREY}" text-anchor="{anchor}">{escape(text)}</text>'


def _decimal(value: float) -> str:
    """Return a length with one decimal.

    What lies between two decimals must not depend on the last bit, which differs between machines:
    so a little is added first.
    """
    return f"{round(value + 1e-4, 1) + 0.0:g}"
