"""Cold start: whole processes, from nothing to a first answer."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.grids import Grid, ratio_within, within
from benchmarks.machine import measured_now
from benchmarks.say import Say
from benchmarks.section import Section
from benchmarks.spread import paired_ratios, spread

ROUNDS = 7
ROOT = Path(__file__).resolve().parents[2]
MAIN_JOB = "specs/mnist_tanh_dropout.toml"
SMALL_JOB = "specs/blobs.json"
OWN_IMPORTS = "import numpy, pydantic, typer"
LEAST_COMMAND = """
import numpy, pydantic, typer
class Model(pydantic.BaseModel):
    number: int
def command():
    Model(number=1)
typer.run(command)
"""
"""What imports put off until the first use: no command of typer and pydantic does with less."""


@dataclass(frozen=True, slots=True)
class Start:
    """A process to start.

    Attributes
    ----------
    name
        What tables call it.
    command
        After the interpreter; ``{out}`` stands for a new directory.
    baseline, goal
        The start that it is measured by, and the multiple of it that it must not exceed.
    """

    name: str
    command: tuple[str, ...]
    baseline: str | None = None
    goal: float | None = None


def _imports(statement: str) -> Start:
    return Start(statement, ("-c", statement))


STARTS = (
    Start("bare Python", ("-c", "pass")),
    _imports("import numpy"),
    _imports("import pydantic"),
    _imports("import typer"),
    _imports(OWN_IMPORTS),
    Start(f"{OWN_IMPORTS}; one model, one command", ("-c", LEAST_COMMAND)),
    Start("layerkit --help", ("-m", "layerkit", "--help"), "import typer", 1.5),
    Start(
        f"layerkit validate {MAIN_JOB}",
        ("-m", "layerkit", "validate", MAIN_JOB),
        OWN_IMPORTS,
        1.5,
    ),
    Start(
        f"layerkit run {SMALL_JOB}, one epoch",
        ("-m", "layerkit", "run", SMALL_JOB, "--set", "training.epochs=1", "--out", "{out}/run"),
    ),
    Start(
        f"layerkit run {MAIN_JOB}, to the end of the first step",
        ("-m", "benchmarks.own.first_step", MAIN_JOB, "{out}/run"),
    ),
    _imports("import sklearn.neural_network"),
    _imports("import jax"),
    _imports("import torch"),
    _imports("import keras"),
)


class Cold(Section):
    """Seconds of every start, round by round; reasons of those that failed."""

    seconds: dict[str, list[float]]
    failures: dict[str, str]

    def grids(self) -> list[Grid]:
        """Return the table, in the order of `STARTS`."""
        rows: list[list[str]] = []
        for start in STARTS:
            if start.name in self.failures:
                rows.append([f"`{start.name}`", f"failed: {self.failures[start.name]}", "", "", ""])
            if start.name not in self.seconds:
                continue
            figures = self.seconds[start.name]
            row = [f"`{start.name}`", within(spread([1000 * each for each in figures]))]
            if start.baseline in self.seconds and start.goal is not None:
                found = spread(paired_ratios(figures, self.seconds[start.baseline]))
                row += [
                    f"{ratio_within(found)} of `{start.baseline}`",
                    f"≤ {start.goal}",
                    "yes" if found.median <= start.goal else "no",
                ]
            rows.append([*row, "", "", ""][:5])
        return [Grid("Cold start of whole processes", ("", "ms", "compared", "goal", "met"), rows)]


def measure(say: Say, rounds: int = ROUNDS) -> Cold:
    """Start everything in turn, round after round; the first round only fills the file cache."""
    measured = measured_now()
    seconds: dict[str, list[float]] = {}
    failures: dict[str, str] = {}
    for number in range(rounds + 1):
        say(f"cold start: round {number} of {rounds}")
        for start in STARTS:
            if start.name in failures:
                continue
            taken, error = _timed(start)
            if error:
                failures[start.name] = error
            elif number:
                seconds.setdefault(start.name, []).append(taken)
    return Cold(measured=measured, seconds=seconds, failures=failures)


def _timed(start: Start) -> tuple[float, str]:
    """Return the seconds that a process took, and the last line of its error if it failed."""
    with tempfile.TemporaryDirectory() as out:
        command = [part.format(out=out) for part in start.command]
        begin = time.perf_counter()
        finished = subprocess.run(  # noqa: S603  # the commands are our own
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, "KERAS_BACKEND": "jax"},
            capture_output=True,
            text=True,
            check=False,
        )
        taken = time.perf_counter() - begin
    if finished.returncode == 0:
        return taken, ""
    return taken, (finished.stderr.strip().splitlines() or ["no message"])[-1]
