"""The profile of W2's step: its time by name."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

from pydantic import BaseModel

from benchmarks.grids import Grid, number
from benchmarks.machine import measured_now
from benchmarks.say import Say
from benchmarks.section import Section
from benchmarks.turns import STEPS_VARIABLE

WORKLOAD = "W2"
STEPS = 300
RUNS = 5
NAMES = {
    "products": "matrix products",
    "dense": "dense layers but for their products: biases and their gradients",
    "optimizer": "optimizer",
    "tanh": "activations: tanh and its derivative",
    "random bytes": "dropout: random bytes for the masks",
    "dropout": "dropout: masks, and multiplying by them",
    "gather": "gathering and scaling the batch",
    "loss": "loss and its gradient",
    "penalties": "penalties and their gradients",
    "engine": "the engine: from layer to layer and block to block, flushing",
}
PYTHON = "the rest: the training loop, its checks and events, and the clocks"


class Clocked(BaseModel):
    """What the clocks of one run say, in seconds over all its steps."""

    steps: int
    seconds: float
    by_name: dict[str, float]
    clocks_seconds: float

    def parts(self) -> Mapping[str, float]:
        """Return microseconds a step by name; together they make the whole step."""
        scale = 1e6 / self.steps
        named = {title: scale * self.by_name.get(name, 0.0) for name, title in NAMES.items()}
        return {**named, PYTHON: scale * self.seconds - sum(named.values())}


class Profile(Section):
    """Several runs, each in a process of its own."""

    runs: list[Clocked]

    @property
    def typical(self) -> Clocked:
        """The run in the middle."""
        return sorted(self.runs, key=lambda run: run.seconds)[len(self.runs) // 2]

    def named_share(self) -> float:
        """Return the share of the step that has a name other than the rest's."""
        found = self.typical.parts()
        return 1 - found[PYTHON] / sum(found.values())

    def clocks_share(self) -> float:
        """Return the share of the step that the clocks themselves take at most."""
        return self.typical.clocks_seconds / self.typical.seconds

    def grids(self) -> list[Grid]:
        """Return the table of the run in the middle."""
        found = self.typical.parts()
        whole = sum(found.values())
        rows = [[name, number(value), f"{value / whole:.1%}"] for name, value in found.items()]
        rows.append(["the step", number(whole), "100%"])
        return [Grid(f"Where the time of {WORKLOAD}'s step goes", ("", "µs", "share"), rows)]


def measure(say: Say) -> Profile:
    """Profile the workload several times."""
    measured = measured_now()
    runs: list[Clocked] = []
    for run in range(RUNS):
        say(f"profile of {WORKLOAD}: run {run + 1} of {RUNS}")
        finished = subprocess.run(  # noqa: S603  # the module is our own
            [sys.executable, "-m", "benchmarks.own.profiled", WORKLOAD],
            env={**os.environ, STEPS_VARIABLE: str(STEPS)},
            capture_output=True,
            text=True,
            check=True,
        )
        runs.append(Clocked.model_validate_json(finished.stdout))
    return Profile(measured=measured, runs=runs)
