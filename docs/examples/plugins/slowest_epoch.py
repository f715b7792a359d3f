"""A callback that specs can name, and one for Python alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, final

from layerkit.plugin import (
    Callback,
    CallbackConfig,
    ConfiguredCallback,
    EpochEnded,
    Run,
    State,
    TrainingStarted,
)


class SlowestEpochConfig(CallbackConfig):
    """Remembers which epoch took longest."""

    type: Literal["slowest_epoch"] = "slowest_epoch"


@dataclass
class _Slowest(State):
    """What must survive a restart."""

    epoch: int = 0
    seconds: float = 0.0


@final
class SlowestEpoch(ConfiguredCallback[SlowestEpochConfig]):
    """See `SlowestEpochConfig`."""

    def __init__(self, config: SlowestEpochConfig) -> None:
        super().__init__(config)
        self.slowest = _Slowest()

    def state(self) -> State:
        """Return the slowest epoch so far."""
        return self.slowest

    def epoch_ended(self, event: EpochEnded) -> None:
        """Compare."""
        if event.seconds > self.slowest.seconds:
            self.slowest.epoch, self.slowest.seconds = event.epoch, event.seconds


@final
class StopAtLoss(Callback):
    """Stops once the training loss is low enough; ``lk.train(spec, [StopAtLoss(0.1)])``."""

    def __init__(self, loss: float) -> None:
        self._loss = loss
        self._run: Run | None = None

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        """Keep the run, to stop it later."""
        self._run = run

    def epoch_ended(self, event: EpochEnded) -> None:
        """Stop if it is time to."""
        if self._run is not None and event.train["loss"] < self._loss:
            self._run.stop(f"the training loss is below {self._loss}")
