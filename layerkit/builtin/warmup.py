"""Warm-up before another schedule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self, final

from annotated_types import Ge, Gt, Lt
from pydantic import model_validator

from layerkit.plugin import (
    SCHEDULES,
    AnySchedule,
    EpochEnded,
    Schedule,
    ScheduleConfig,
    ScheduleContext,
    ShapeError,
    State,
    default,
    problem,
)


class WarmupConfig(ScheduleConfig):
    """A factor that grows from ``start`` to 1 in a straight line, times another schedule.

    Step ``t`` of ``n`` warm-up steps, counted from 0, has the factor
    ``start + (1 - start) * t / n``. The other schedule counts from the first step of the run, as in
    a product of PyTorch's ``LinearLR`` and another.

    Attributes
    ----------
    start
        Factor of the first step, from 0 to below 1.
    steps, epochs
        Length of the warm-up, at least 1; one of them.
    schedule
        The other schedule, ``constant`` by default.

    References
    ----------
    Goyal et al. (2017), Accurate, large minibatch SGD: training ImageNet in 1 hour, section 2.2.
    """

    type: Literal["warmup"] = "warmup"
    start: Annotated[float, Ge(0), Lt(1)] = 0.1
    steps: Annotated[int, Gt(0)] | None = None
    epochs: Annotated[int, Gt(0)] | None = None
    schedule: AnySchedule = default(SCHEDULES, "constant")

    @model_validator(mode="after")
    def _has_one_length(self) -> Self:
        if (self.steps is None) == (self.epochs is None):
            found = "none" if self.steps is None else "both"
            raise problem("wrong-value", f"warmup expects either steps or epochs, found {found}")
        return self

    def check(self, figures: Mapping[str, bool], *, validates: bool) -> None:
        """Check the other schedule."""
        try:
            self.schedule.check(figures, validates=validates)
        except ShapeError as error:
            raise ShapeError(str(error), ("schedule", *error.at), error.hint) from error


@final
class Warmup(Schedule[WarmupConfig]):
    """See `WarmupConfig`."""

    def __init__(self, config: WarmupConfig, context: ScheduleContext) -> None:
        super().__init__(config, context)
        self._schedule = config.schedule.build(context)
        self._steps = config.steps or (config.epochs or 0) * context.steps_per_epoch

    def __call__(self, step: int) -> float:
        """Return the other schedule's number, times the factor."""
        start, number = self.config.start, self._schedule(step)
        if step >= self._steps:
            return number
        return number * (start + (1 - start) * step / self._steps)

    def observe(self, epoch: EpochEnded) -> None:
        """Pass the epoch to the other schedule."""
        self._schedule.observe(epoch)

    def state(self) -> State | None:
        """Return the state of the other schedule."""
        return self._schedule.state()
