"""Callbacks that show the progress of a run."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import final

from rich.console import Console
from rich.live import Live
from rich.text import Text

from layerkit.cli.cursor import shown_while_stopped
from layerkit.cli.epoch_table import Columns, epoch_line
from layerkit.cli.output import say
from layerkit.cli.progress_bar import ProgressBar
from layerkit.contracts.callback import Callback, Run
from layerkit.contracts.events import EpochEnded, StepEnded, TrainingStarted

REFRESH_SECONDS = 0.1
"""The display changes no more often than this."""
REFRESH_SHARE = 0.01
"""Nor may it take more than this share of the time."""


@contextmanager
def progress(*, rows: bool = True) -> Generator[Callback]:
    """Yield the callback that suits standard output: a live display, or a line an epoch.

    Parameters
    ----------
    rows
        Whether epochs are printed, rather than shown for as long as they last.
    """
    console = Console(markup=False, emoji=False, highlight=False)
    if not (console.is_interactive and sys.stdout.isatty()):
        yield EpochLines() if rows else Callback()
        return
    terminal = sys.stdout.fileno()
    with Live(console=console, auto_refresh=False, transient=True) as live:
        callback = LiveProgress(live, rows=rows)
        try:
            with shown_while_stopped(terminal, callback.resume):
                yield callback
        finally:
            callback.print_rows()


@final
class EpochLines(Callback):
    """A line for every epoch."""

    def __init__(self) -> None:
        self._epochs = 0

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        """Keep how many epochs there will be."""
        self._epochs = event.epochs

    def epoch_ended(self, event: EpochEnded) -> None:
        """Print the epoch."""
        say(epoch_line(event, self._epochs))


@final
class LiveProgress(Callback):
    """A status line that is updated in place, and above it a row for every epoch.

    Rows wait for the next refresh, so that a thousand short epochs cost no more than one long.

    Parameters
    ----------
    live
        A started display that refreshes only on request.
    rows
        Whether there is a row for every epoch.
    """

    def __init__(self, live: Live, *, rows: bool = True) -> None:
        self._live = live
        self._has_rows = rows
        self._console = live.console
        self._ascii_only = not self._console.encoding.startswith("utf")
        self._plan = TrainingStarted(0, 0, 0)
        self._columns: Columns | None = None
        self._rows: list[str] = []
        self._watched: tuple[str, float] | None = None
        self._start = self._epoch_start = self._refreshed = self._due = time.perf_counter()
        self._live.update(Text("reading the data ..."), refresh=True)

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        """Start the clock."""
        self._plan = event
        self._live.update(Text("starting ..."), refresh=True)
        self._start = self._epoch_start = time.perf_counter()

    def step_ended(self, event: StepEnded) -> None:
        """Refresh the display if it is time to."""
        if time.perf_counter() >= self._due:
            self._refresh(event)

    def epoch_ended(self, event: EpochEnded) -> None:
        """Keep the epoch's row until the next refresh."""
        if self._columns is None:
            self._columns = Columns.fitting(event, self._plan.epochs, self._console.width)
            self._rows.append(self._columns.heading())
        self._rows.append(self._columns.row(event))
        if not self._has_rows:
            self._rows.clear()
        watched = next((name for name in event.validation if name != "loss"), "loss")
        if watched in event.validation:
            self._watched = (watched, event.validation[watched])
        self._epoch_start = time.perf_counter()

    def print_rows(self) -> None:
        """Print the rows that wait."""
        if self._rows:
            self._console.print("\n".join(self._rows))
            self._rows.clear()

    def resume(self, seconds: float) -> None:
        """Leave the time that the program stood still out of account, and refresh soon."""
        self._start += seconds
        self._epoch_start += seconds
        self._refreshed = self._due = time.perf_counter()

    def _refresh(self, event: StepEnded) -> None:
        now = self._refreshed = time.perf_counter()
        self.print_rows()
        steps, all_steps = (
            self._plan.steps_per_epoch,
            self._plan.epochs * self._plan.steps_per_epoch,
        )
        speed = (event.step - (event.epoch - 1) * steps) / (now - self._epoch_start)
        status = ProgressBar(
            epoch=event.epoch,
            epochs=self._plan.epochs,
            done=event.step / all_steps,
            loss=event.loss,
            watched=self._watched,
            examples_per_second=speed * self._plan.examples / steps,
            seconds_left=(now - self._start) * (all_steps - event.step) / event.step,
        )
        line = status.render(self._console.width, ascii_only=self._ascii_only)
        self._live.update(line, refresh=True)
        done = time.perf_counter()
        self._due = done + max(REFRESH_SECONDS, (done - self._refreshed) / REFRESH_SHARE)
