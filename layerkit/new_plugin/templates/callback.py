"""Stopping at a training loss."""

from __future__ import annotations

from typing import Literal, final

from layerkit.plugin import (
    CallbackConfig,
    ConfiguredCallback,
    EpochEnded,
    Run,
    TrainingStarted,
)


class PlaceholderConfig(CallbackConfig):
    """Stops after an epoch whose mean training loss is at most ``loss``.

    Attributes
    ----------
    loss
        The training loss that is low enough.
    """

    type: Literal["placeholder"] = "placeholder"
    loss: float = 0.01


@final
class Placeholder(ConfiguredCallback[PlaceholderConfig]):
    """See `PlaceholderConfig`."""

    def __init__(self, config: PlaceholderConfig) -> None:
        super().__init__(config)
        self._run: Run | None = None

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        """Keep the run, to stop it later."""
        self._run = run

    def epoch_ended(self, event: EpochEnded) -> None:
        """Stop if the loss is low enough."""
        if self._run is not None and event.train["loss"] <= self.config.loss:
            self._run.stop(f"the training loss is at most {self.config.loss:g}")
