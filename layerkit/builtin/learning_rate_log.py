"""A file with the learning rate of every step."""

from __future__ import annotations

from typing import Annotated, Literal, final

from annotated_types import Gt

from layerkit.plugin import (
    CallbackConfig,
    ConfiguredCallback,
    EpochEnded,
    Run,
    RunLog,
    State,
    StepEnded,
    TrainingEnded,
    TrainingStarted,
)


class LearningRateLogConfig(CallbackConfig):
    """Write the learning rate of every step, or of some, to ``learning_rate.csv``.

    The file is in the run directory and has the columns ``step``, ``epoch``, both from 1, and
    ``learning_rate``, that of the schedule: the rate of a group of parameters is a multiple of it.
    An epoch's lines are there when it has ended. ``history.jsonl`` has the rate of the last step of
    every epoch without this.

    Attributes
    ----------
    every
        Write every so many steps, at least 1.

    References
    ----------
    RFC 4180, Common Format and MIME Type for Comma-Separated Values (CSV) Files.
    """

    type: Literal["learning_rate_log"] = "learning_rate_log"
    every: Annotated[int, Gt(0)] = 1


@final
class LearningRateLog(ConfiguredCallback[LearningRateLogConfig]):
    """See `LearningRateLogConfig`."""

    def __init__(self, config: LearningRateLogConfig) -> None:
        super().__init__(config)
        self._log = RunLog("learning_rate.csv")

    def state(self) -> State:
        """Return what of the file is written."""
        return self._log.state

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        """Begin the file."""
        self._log.start(run.directory, "step,epoch,learning_rate")

    def step_ended(self, event: StepEnded) -> None:
        """Keep the line of a step."""
        if event.step % self.config.every == 0:
            self._log.add(f"{event.step},{event.epoch},{event.learning_rate!r}")

    def epoch_ended(self, event: EpochEnded) -> None:
        """Write the lines of the epoch."""
        self._log.write()

    def training_ended(self, event: TrainingEnded) -> None:
        """Write the lines of an epoch that a callback has ended."""
        self._log.write()
