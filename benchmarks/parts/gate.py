"""The gate before any timing: the same weights and batches must give torch's losses.

Once in float64 as the workload is, where nothing but a different computation shows, and once in
float32, which is what is timed. There the learning rate is a hundredth: rounding alone grows
100,000-fold in 50 steps of Adam on deep ReLU networks, and would hide or feign anything.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, final

import numpy as np

from benchmarks.grids import Grid
from benchmarks.machine import measured_now
from benchmarks.say import Say
from benchmarks.section import Section
from benchmarks.workloads import EXAMPLES, WORKLOADS, Workload, spec_text
from layerkit import build, parse_spec, train
from layerkit.contracts.callback import Callback
from layerkit.contracts.events import StepEnded
from layerkit.engine.batches import shuffled

STEPS = 50


@dataclass(frozen=True, slots=True)
class Check:
    """A way to compare: in which dtype, at what share of the learning rate, and how closely."""

    dtype: Literal["float32", "float64"]
    rate_share: float
    tolerance: float


CHECKS = (Check("float64", 1.0, 1e-8), Check("float32", 0.01, 1e-4))


class GateError(Exception):
    """Layerkit's losses are not torch's, so there is nothing to time."""


class Gate(Section):
    """Largest relative difference between both losses over the steps, by workload and dtype."""

    differences: dict[str, dict[str, float]]

    def grids(self) -> list[Grid]:
        """Return the differences."""
        rows = [
            [name, *(f"{found[check.dtype]:.1e}" for check in CHECKS)]
            for name, found in self.differences.items()
        ]
        heads = ("", *(f"{check.dtype}, at most {check.tolerance:g}" for check in CHECKS))
        title = f"Largest relative difference from torch's losses over {STEPS} steps"
        return [Grid(title, heads, rows)]


class _Enough(BaseException):
    """Ends training from inside; no error, so nobody should handle it as one."""


@final
class _KeepLosses(Callback):
    def __init__(self, steps: int) -> None:
        self.losses: list[float] = []
        self._steps = steps

    def step_ended(self, event: StepEnded) -> None:
        self.losses.append(event.loss)
        if len(self.losses) == self._steps:
            raise _Enough


def measure(say: Say, names: Collection[str] = WORKLOADS) -> Gate:
    """Compare the losses of every workload that trains.

    Raises
    ------
    GateError
        If one is off by more than the tolerance.
    """
    measured = measured_now()
    differences: dict[str, dict[str, float]] = {}
    for workload in WORKLOADS.values():
        if workload.task == "train" and workload.name in names:
            say(f"{workload.name}: comparing losses with torch's")
            differences[workload.name] = {each.dtype: passed(workload, each) for each in CHECKS}
    return Gate(measured=measured, differences=differences)


def passed(workload: Workload, check: Check) -> float:
    """Return the largest relative difference, with dropout left out."""
    rate = workload.learning_rate * check.rate_share
    plain = replace(workload, dropout=None, learning_rate=rate)
    spec = parse_spec(spec_text(plain), "json").model_copy(update={"dtype": check.dtype})
    keep = _KeepLosses(STEPS)
    with suppress(_Enough):
        train(spec, [keep])
    count = STEPS * workload.batch
    rows = shuffled(np.arange(EXAMPLES), spec.seed, 1)[:count].reshape(STEPS, -1)
    with tempfile.TemporaryDirectory() as directory:
        start = Path(directory) / "start.npz"
        np.savez(start, allow_pickle=False, rows=rows, **build(spec).parameters)
        theirs = _torch_losses(workload, rate, start)
    difference = largest_difference(keep.losses, theirs)
    if not difference <= check.tolerance:
        raise GateError(
            f"{workload.name}: expected Layerkit's losses within {check.tolerance:g} of torch's "
            f"over {STEPS} steps in {check.dtype}, found a relative difference of "
            f"{difference:.2g}; nothing was timed"
        )
    return difference


def largest_difference(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the largest relative difference of figures in the same place."""
    return max(abs(our - their) / abs(their) for our, their in zip(ours, theirs, strict=True))


def _torch_losses(workload: Workload, rate: float, start: Path) -> list[float]:
    module = "benchmarks.peers.torch_losses"
    finished = subprocess.run(  # noqa: S603  # the module is our own
        [sys.executable, "-m", module, workload.name, str(rate), str(start)],
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        raise GateError(f"{workload.name}: torch did not run: {finished.stderr[-300:]}")
    losses: list[float] = json.loads(finished.stdout)
    return losses
