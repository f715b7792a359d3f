"""What happens in a run, for callbacks and schedules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrainingStarted:
    """Training begins: the numbers of epochs, steps and training examples."""

    epochs: int
    steps_per_epoch: int
    examples: int


@dataclass(frozen=True, slots=True)
class EpochStarted:
    """An epoch begins, counted from 1."""

    epoch: int


@dataclass(frozen=True, slots=True)
class GradientReady:
    """The gradient of a step is whole; the parameters have not changed yet.

    Attributes
    ----------
    step, epoch
        Numbers from 1.
    loss
        Of the batch, penalty included.
    """

    step: int
    epoch: int
    loss: float


@dataclass(frozen=True, slots=True)
class StepEnded:
    """A step is done: its number from 1, the epoch from 1, its loss and learning rate."""

    step: int
    epoch: int
    loss: float
    learning_rate: float


@dataclass(frozen=True, slots=True)
class ValidationStarted:
    """The training examples of an epoch are done; its validation comes next."""

    epoch: int
    step: int


@dataclass(frozen=True, slots=True)
class EpochEnded:
    """An epoch is done.

    Attributes
    ----------
    epoch, step
        Epochs and steps done so far.
    learning_rate
        Of the last step.
    train
        ``loss`` (penalty included) and ``penalty``, means over the steps of the epoch.
    validation
        ``loss`` (without penalty) and every metric on the validation examples; empty without.
    seconds
        Spent on the epoch, validation included.
    examples_per_second
        Training speed.
    """

    epoch: int
    step: int
    learning_rate: float
    train: Mapping[str, float]
    validation: Mapping[str, float]
    seconds: float
    examples_per_second: float


@dataclass(frozen=True, slots=True)
class TrainingEnded:
    """Training is over, after that many epochs and steps.

    Attributes
    ----------
    epochs, steps
        Done.
    stopped_early
        Whether a callback ended it.
    reason
        Why, if so.
    """

    epochs: int
    steps: int
    stopped_early: bool
    reason: str = ""
