"""Weights that a run keeps in memory: those of the best epoch, and the last finite ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import final

import numpy as np

from layerkit.arrays import Array, all_finite
from layerkit.contracts.callback import Callback, Run
from layerkit.contracts.events import EpochEnded, StepEnded, TrainingStarted
from layerkit.contracts.figures import BestEpoch
from layerkit.engine.best import best_of
from layerkit.plan.network import NetworkPlan
from layerkit.runs.directory import RunDirectory

FINITE_EVERY = 100
"""Steps between copies of finite weights: so few that they cost nothing beside the steps."""


@final
class BestWeights(Callback):
    """Keeps the weights of the best epoch so far: in memory at once, in a file when it is told to.

    Parameters
    ----------
    directory
        Where the file goes.
    plan
        Of the network.
    callbacks
        Those from Python; one may say which epoch is the best.
    history
        Every epoch before the run was resumed.
    """

    def __init__(
        self,
        directory: RunDirectory,
        plan: NetworkPlan,
        callbacks: Sequence[Callback] = (),
        history: Sequence[EpochEnded] = (),
    ) -> None:
        self._directory = directory
        self._plan = plan
        self._callbacks = callbacks
        self._history = [*history]
        self._arrays: dict[str, Array] = {}
        self._copies: dict[str, Array] = {}
        self._unwritten: BestEpoch | None = None

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        """Keep the arrays to copy."""
        self._arrays = {**run.arrays}

    def epoch_ended(self, event: EpochEnded) -> None:
        """Copy the weights, if no epoch was better."""
        self._history.append(event)
        best = best_of(self._history, self._plan, self._callbacks)
        if best is None or best.epoch != event.epoch:
            return
        _copy(self._arrays, self._copies)
        self._unwritten = best

    def write(self) -> None:
        """Write the weights to their file, unless they are there.

        Raises
        ------
        FileError
            If they cannot be written.
        """
        best = self._unwritten
        if best is not None:
            self._directory.save_best(self._copies, best)
            self._unwritten = None


@final
class FiniteWeights(Callback):
    """Keeps weights that are finite, in memory: what is left of a run that diverges.

    They are copied at the end of every epoch and after every hundredth step; at first more often,
    as that is when most runs that diverge do.

    Attributes
    ----------
    arrays
        The last copies; empty until there are any.
    step
        After which step they were made.
    last_step
        The last step that has ended.
    """

    def __init__(self) -> None:
        self.arrays: dict[str, Array] = {}
        self.step: int = 0
        self.last_step: int = 0
        self._run_arrays: dict[str, Array] = {}
        self._steps = 0

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        """Keep the arrays to copy."""
        self._run_arrays = {**run.arrays}

    def step_ended(self, event: StepEnded) -> None:
        """Copy the weights if it is time to."""
        self.last_step = event.step
        self._steps += 1
        steps = self._steps
        is_power_of_two = steps & (steps - 1) == 0
        if steps % FINITE_EVERY == 0 or (steps < FINITE_EVERY and is_power_of_two):
            self._keep(event.step)

    def epoch_ended(self, event: EpochEnded) -> None:
        """Copy the weights."""
        self._keep(event.step)

    def _keep(self, step: int) -> None:
        if all_finite(self._run_arrays.values()):
            _copy(self._run_arrays, self.arrays)
            self.step = step


def _copy(arrays: Mapping[str, Array], copies: dict[str, Array]) -> None:
    """Copy arrays into others, which are made the first time."""
    for path, array in arrays.items():
        if path not in copies:
            copies[path] = np.empty_like(array)
        np.copyto(copies[path], array)
