"""Contract of callbacks: typed events of a run, for whoever wants to watch or log it."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, TypeAlias, TypeVar

from layerkit.component import Component, Config
from layerkit.fields import FromRegistry


class CallbackConfig(Config):
    """Base of callback configs."""

    def build(self) -> Callback[CallbackConfig]:
        """Return the callback that this config describes."""
        return Callback[CallbackConfig].class_for(self)(self)


CALLBACKS = CallbackConfig.define_kind("callback", "layerkit.callbacks")
AnyCallback: TypeAlias = Annotated[CallbackConfig, FromRegistry(CALLBACKS)]
CallbackT_co = TypeVar("CallbackT_co", bound=CallbackConfig, covariant=True)


@dataclass(frozen=True, slots=True)
class TrainingStarted:
    """Training begins: how many epochs, steps and training examples lie ahead."""

    epochs: int
    steps_per_epoch: int
    examples: int


@dataclass(frozen=True, slots=True)
class StepEnded:
    """A step is done: its number from 1, the epoch from 1, its loss and learning rate."""

    step: int
    epoch: int
    loss: float
    learning_rate: float


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
    """Training is over, after that many epochs and steps; whether early stopping ended it."""

    epochs: int
    steps: int
    stopped_early: bool


class Callback(Component[CallbackT_co], ABC):
    """Watches a run; a subclass defines the methods for the events that it wants."""

    def training_started(self, event: TrainingStarted) -> None:
        """Take note that training begins."""

    def step_ended(self, event: StepEnded) -> None:
        """Take note of a step; must be quick."""

    def epoch_ended(self, event: EpochEnded) -> None:
        """Take note of an epoch."""

    def training_ended(self, event: TrainingEnded) -> None:
        """Take note that training is over."""
