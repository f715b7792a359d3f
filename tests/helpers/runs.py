"""A run for tests of callbacks, without a trainer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts.events import EpochEnded, StepEnded, TrainingStarted

STARTED = TrainingStarted(epochs=10, steps_per_epoch=4, examples=16)


class StillRun:
    """A run with a few parameters; keeps what callbacks ask for."""

    def __init__(
        self, directory: Path | None = None, state: Mapping[str, Array] | None = None
    ) -> None:
        self.parameters: dict[str, Array] = {
            "dense_1.weight": np.ones((2, 3)),
            "dense_1.bias": np.zeros(3),
            "head.out.weight": np.full((3, 1), 2.0),
        }
        self.gradients: dict[str, Array] = {
            path: np.zeros_like(array) for path, array in self.parameters.items()
        }
        self.arrays: dict[str, Array] = {**self.parameters, **(state or {})}
        self.figures: Mapping[str, bool] = {"loss": False, "accuracy": True}
        self.directory = directory
        self.reasons: list[str] = []
        self.recalibrations = 0
        self.saves: list[Path] = []

    def stop(self, reason: str) -> None:
        self.reasons.append(reason)

    def pause(self) -> None:
        """Do nothing."""

    def recalibrate(self) -> None:
        self.recalibrations += 1

    def save(self, path: Path) -> None:
        self.saves.append(path)


def step_ended(step: int, epoch: int = 1, loss: float = 0.5) -> StepEnded:
    return StepEnded(step, epoch, loss, 0.1)


def epoch_ended(epoch: int, **validation: float) -> EpochEnded:
    return EpochEnded(epoch, 4 * epoch, 0.1, {"loss": 1.0, "penalty": 0.0}, validation, 0.5, 9.0)
