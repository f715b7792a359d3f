"""Epochs as text: a line each in a file or pipe, table rows in a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from layerkit.cli.format import duration, figure
from layerkit.contracts.events import EpochEnded

_GAP = "  "
_NARROWEST = 9


def epoch_line(event: EpochEnded, epochs: int) -> str:
    """Return the line of an epoch for a file or pipe."""
    validation = [
        f"validation {name} {figure(name, value)}" for name, value in event.validation.items()
    ]
    parts = [
        f"train loss {figure('loss', event.train['loss'])}",
        *validation,
        f"learning rate {event.learning_rate:.4g}",
        duration(event.seconds),
    ]
    return f"epoch {event.epoch}/{epochs}: {', '.join(parts)}"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table of epochs that fit.

    Attributes
    ----------
    widths
        By heading, from the left.
    epochs
        How many there will be.
    """

    widths: Mapping[str, int]
    epochs: int

    @classmethod
    def fitting(cls, event: EpochEnded, epochs: int, width: int) -> Columns:
        """Return as many columns for such events as fit into the width."""
        widths: dict[str, int] = {}
        left = width
        for name in _cells(event, epochs):
            needed = max(len(name), len(f"{epochs}/{epochs}") if name == "epoch" else _NARROWEST)
            if widths and left < len(_GAP) + needed:
                break
            left -= needed + (len(_GAP) if widths else 0)
            widths[name] = needed
        return cls(widths, epochs)

    def heading(self) -> str:
        """Return the line above all rows."""
        return _GAP.join(f"{name:>{width}}" for name, width in self.widths.items())

    def row(self, event: EpochEnded) -> str:
        """Return the line of one epoch."""
        cells = _cells(event, self.epochs)
        return _GAP.join(f"{cells[name]:>{width}}" for name, width in self.widths.items())


def _cells(event: EpochEnded, epochs: int) -> dict[str, str]:
    """Return the values of an epoch by heading, the most important first."""
    return {
        "epoch": f"{event.epoch}/{epochs}",
        "train loss": figure("loss", event.train["loss"]),
        **{f"val. {name}": figure(name, value) for name, value in event.validation.items()},
        "rate": f"{event.learning_rate:.4g}",
        "time": duration(event.seconds),
    }
