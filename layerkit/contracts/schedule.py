"""Contract of schedules: the learning rate, or another number, over time."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, TypeAlias, TypeVar, final

from layerkit.component import Component, Config
from layerkit.contracts.events import EpochEnded
from layerkit.errors import UsageError
from layerkit.fields import FromRegistry
from layerkit.guard import number


class ScheduleConfig(Config):
    """Base of schedule configs."""

    def check(self, figures: Mapping[str, bool], *, validates: bool) -> None:
        """Check that the schedule can work in the run; by default any.

        Parameters
        ----------
        figures
            The validation figures (loss and metrics) by name; True: higher is better.
        validates
            Whether there are validation examples.

        Raises
        ------
        ShapeError
            If it cannot.
        """

    @final
    def build(self, context: ScheduleContext) -> Schedule[ScheduleConfig]:
        """Return the schedule that this config describes."""
        return Schedule[ScheduleConfig].class_for(self)(self, context)


SCHEDULES = ScheduleConfig.define_kind("schedule", "layerkit.schedules")
AnySchedule: TypeAlias = Annotated[ScheduleConfig, FromRegistry(SCHEDULES)]
ScheduleT_co = TypeVar("ScheduleT_co", bound=ScheduleConfig, covariant=True)


@dataclass(frozen=True, slots=True)
class ScheduleContext:
    """The run that a schedule spans.

    Attributes
    ----------
    start
        The number that it changes, as the spec gives it: the optimizer's learning rate, say.
    steps_per_epoch, epochs
        The length of the run.
    figures
        Every validation loss or metric by name, ``loss`` first; True: higher is better.
    """

    start: float
    steps_per_epoch: int
    epochs: int
    figures: Mapping[str, bool] = field(default_factory=dict[str, bool])

    @property
    def steps(self) -> int:
        """Steps of the whole run."""
        return self.steps_per_epoch * self.epochs


TRIED = 1000
"""About how many steps of a run have their numbers checked before it starts."""


class Schedule(Component[ScheduleT_co], ABC):
    """The learning rate of every step."""

    def __init__(self, config: ScheduleT_co, context: ScheduleContext) -> None:
        super().__init__(config)
        self.context = context

    @abstractmethod
    def __call__(self, step: int) -> float:
        """Return the learning rate of the step with that number, counted from 0."""

    @final
    def number(self, step: int, option: str, below: float) -> float:
        """Return the number of a step, counted from 0, once it is sure to be in its range.

        Parameters
        ----------
        step
            Which.
        option
            What the spec calls the number, for messages: ``dropout_1.rate``.
        below
            What it must stay below. It must be at least 0.

        Raises
        ------
        UsageError
            If it is not in that range.
        """
        found = number(self, "the number of a step to be", self(step))
        if 0 <= found < below:
            return found
        limit = "" if math.isinf(below) else f" to below {below:g}"
        raise UsageError(
            f"{option}: expected the schedule to stay in the range from 0{limit}, found "
            f"{found:g} at step {step + 1}; lower the factors of {option}_schedule"
        )

    @final
    def check_range(self, option: str, below: float) -> None:
        """Check that the numbers of a run are in their range, before it starts; see `number`.

        Of a long run, about a thousand steps are tried, the last among them: where a schedule rises
        to the end, its number is the largest there.
        """
        steps = self.context.steps
        for step in (*range(0, steps, max(1, steps // TRIED)), *range(steps)[-1:]):
            self.number(step, option, below)

    def observe(self, epoch: EpochEnded) -> None:
        """Handle the end of an epoch, for a schedule that depends on figures; nothing by default.

        Changes nothing about the steps before: only those still to come may have other rates.
        """
