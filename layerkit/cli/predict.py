"""``layerkit predict``: predictions for a file, with a line of progress in a terminal."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Literal

from layerkit.cli.output import discard_output, report, say, write
from layerkit.cli.signals import interrupting
from layerkit.display.format import count, duration
from layerkit.inference.predict import STANDARD_OUTPUT, Prediction, ReaderGone, predict_file
from layerkit.interrupts import Interruption, Terminated
from layerkit.runs.run import load

REFRESH_SECONDS = 0.2
"""The line of progress changes no more often than this."""
_ERASE = "\r\x1b[K"


def predict_with(run: Path, which: Literal["last", "best"], wanted: Prediction) -> int:
    """Predict, and return the exit code.

    Parameters
    ----------
    run
        The run directory.
    which
        The weights to predict with.
    wanted
        From what, and where to.
    """
    progress = _Progress(wanted.output)
    try:
        with interrupting(Interruption()):
            network = load(run, which)
            done = predict_file(network, wanted, progress.update)
    except ReaderGone:
        discard_output()  # whoever reads has seen enough
        return 0
    except Terminated as error:
        progress.erase()
        report("terminated")
        return 128 + error.number
    finally:
        progress.erase()
    if wanted.output != STANDARD_OUTPUT:
        say(f"{count(done, 'prediction')} in {wanted.output}, {duration(progress.seconds)}")
    return 0


class _Progress:
    """A line on standard error that says how far it is, in a terminal without the predictions."""

    def __init__(self, output: Path) -> None:
        is_among_rows = output == STANDARD_OUTPUT and sys.stdout.isatty()
        self._shows = sys.stderr.isatty() and not is_among_rows
        self._start = time.perf_counter()
        self._due = self._start + REFRESH_SECONDS
        self._is_there = False

    @property
    def seconds(self) -> float:
        """How long it took so far."""
        return time.perf_counter() - self._start

    def update(self, done: int) -> None:
        """Show how many examples are done."""
        now = time.perf_counter()
        if self._shows and now >= self._due:
            self._due = now + REFRESH_SECONDS
            self._is_there = True
            speed = done / (now - self._start)
            write(f"{_ERASE}{count(done, 'prediction')}, {speed:,.0f}/s", err=True)

    def erase(self) -> None:
        """Take the line away."""
        if self._is_there:
            self._is_there = False
            write(_ERASE, err=True)
