"""What checkpoints cost: whole runs that keep them, beside runs that keep none."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.grids import Grid, within
from benchmarks.machine import measured_now
from benchmarks.say import Say
from benchmarks.section import Section
from benchmarks.spread import paired_ratios, spread

ROUNDS = 5
EPOCHS = 5
GOAL = 1.02
ROOT = Path(__file__).resolve().parents[2]
MAIN_JOB = "specs/mnist_tanh_dropout.toml"
NONE = "none"
DEFAULT = "by default: every minute, the best weights, and at the end"
EVERY_EPOCH = "after every epoch, too"
POLICIES: Mapping[str, Sequence[str]] = {
    NONE: ('checkpoints.every_minutes="never"', "checkpoints.best=false"),
    DEFAULT: (),
    EVERY_EPOCH: ("checkpoints.every_epochs=1",),
}
"""What is set in the spec; every run saves at its end."""


class Checkpoints(Section):
    """Seconds of the runs of every policy, round by round."""

    seconds: dict[str, list[float]]

    def grids(self) -> list[Grid]:
        """Return the table."""
        rows: list[list[str]] = []
        for name, figures in self.seconds.items():
            found = spread(paired_ratios(figures, self.seconds[NONE]))
            shown = f"{found.median:.3f} ({found.low:.3f} to {found.high:.3f})"
            row = [name, within(spread(figures)), shown]
            if name == DEFAULT:
                row += [f"≤ {GOAL}", "yes" if found.median <= GOAL else "no"]
            rows.append([*row, "", ""][:5])
        heads = ("checkpoints", "s a run", "of the time without", "goal", "met")
        return [Grid(f"{MAIN_JOB}, {EPOCHS} epochs", heads, rows)]


def measure(say: Say, rounds: int = ROUNDS, epochs: int = EPOCHS) -> Checkpoints:
    """Run every policy in turn, each round starting with another."""
    measured = measured_now()
    names = [*POLICIES]
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        say(f"checkpoints: round {turn + 1} of {rounds}")
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            seconds[name].append(_timed(POLICIES[name], epochs))
    return Checkpoints(measured=measured, seconds=seconds)


def _timed(policy: Sequence[str], epochs: int) -> float:
    settings = (*policy, f"training.epochs={epochs}")
    changes = [part for each in settings for part in ("--set", each)]
    with tempfile.TemporaryDirectory() as out:
        begin = time.perf_counter()
        subprocess.run(  # noqa: S603  # the commands are our own
            [sys.executable, "-m", "layerkit", "run", MAIN_JOB, *changes, "--out", f"{out}/run"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        return time.perf_counter() - begin
