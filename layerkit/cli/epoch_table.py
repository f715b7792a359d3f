"""Epochs as text: a line each in a file or pipe, table rows in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from layerkit.contracts.events import EpochEnded
from layerkit.display.format import duration, figure

_GAP = "  "
_NARROWEST = 9
_LOSS = "val. loss"


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
        """Return as many columns for such events as fit into the width, by importance."""
        names = [*_cells(event, epochs)]
        widths = {name: max(len(name), _NARROWEST) for name in names}
        widths["epoch"] = max(len("epoch"), len(f"{epochs}/{epochs}"))
        fitting: list[str] = []
        left = width + len(_GAP)
        for name in sorted(names, key=lambda name: _rank(name, names)):
            left -= widths[name] + len(_GAP)
            if fitting and left < 0:
                break
            fitting.append(name)
        return cls({name: widths[name] for name in names if name in fitting}, epochs)

    def heading(self) -> str:
        """Return the line above all rows."""
        return _GAP.join(f"{name:>{width}}" for name, width in self.widths.items())

    def row(self, event: EpochEnded) -> str:
        """Return the line of one epoch."""
        cells = _cells(event, self.epochs)
        return _GAP.join(f"{cells[name]:>{width}}" for name, width in self.widths.items())


def _cells(event: EpochEnded, epochs: int) -> dict[str, str]:
    """Return the values of an epoch by heading, in the order of the columns."""
    return {
        "epoch": f"{event.epoch}/{epochs}",
        "train loss": figure("loss", event.train["loss"]),
        **{f"val. {name}": figure(name, value) for name, value in event.validation.items()},
        "rate": f"{event.learning_rate:.4g}",
        "time": duration(event.seconds),
    }


def _rank(name: str, names: Sequence[str]) -> int:
    """Return the place of a column by importance: the first validation metric is the second."""
    metric = next((each for each in names if each.startswith("val. ") and each != _LOSS), None)
    first = ["epoch", metric, "train loss", _LOSS]
    return first.index(name) if name in first else len(first) + names.index(name)
