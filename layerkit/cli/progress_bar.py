"""The progress bar: the last line of a terminal while a network trains."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text

from layerkit.display.format import clock, figure

_GAP = "  "
_SHORTEST_BAR, _LONGEST_BAR = 10, 40
_MARGIN = len("^C")  # as a terminal shows it; on a full line it would break into the next


@dataclass(frozen=True, slots=True)
class ProgressBar:
    """How far training has come.

    Attributes
    ----------
    epoch, epochs
        The current epoch, from 1, and how many there will be.
    done
        The fraction of all steps that is done.
    loss
        Of the last step.
    watched
        Name and value of the validation figure to show, if there is one yet.
    examples_per_second
        Training speed in this epoch.
    seconds_left
        Until the last epoch, as it looks.
    """

    epoch: int
    epochs: int
    done: float
    loss: float
    watched: tuple[str, float] | None
    examples_per_second: float
    seconds_left: float

    def render(self, width: int, *, ascii_only: bool) -> Text:
        """Return the line; what does not fit beside a short bar is left out."""
        epoch = f"epoch {self.epoch:>{len(str(self.epochs))}}/{self.epochs}"
        # In the order of the line, with the order in which they are left out.
        parts = [(3, f"loss {figure('loss', self.loss)}")]
        if self.watched is not None:
            name, value = self.watched
            parts.append((2, f"val. {name} {figure(name, value)}"))
        parts.append((1, f"{self.examples_per_second:,.0f} examples/s"))
        parts.append((4, f"{clock(self.seconds_left)} left"))
        available = width - _MARGIN - len(epoch) - 1
        while parts and sum(len(_GAP) + len(text) for _, text in parts) > available - _SHORTEST_BAR:
            parts.remove(min(parts))
        tail = "".join(_GAP + text for _, text in parts)
        bar_width = max(min(available - len(tail), _LONGEST_BAR), 0)
        filled = min(int(self.done * bar_width), bar_width)
        full, empty = ("#", "-") if ascii_only else ("━", "─")
        return Text.assemble(
            (epoch, "bold"),
            " ",
            (full * filled, "cyan"),
            (empty * (bar_width - filled), "dim"),
            tail,
            no_wrap=True,
            overflow="crop",
        )
