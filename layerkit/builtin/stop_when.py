"""Stopping at a goal."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Self, final

from annotated_types import Gt
from pydantic import model_validator

from layerkit.plugin import (
    CallbackConfig,
    ConfiguredCallback,
    EpochEnded,
    Run,
    ShapeError,
    State,
    StepEnded,
    TrainingStarted,
    check_reported,
    problem,
)


class StopWhenConfig(CallbackConfig):
    """Stop when a validation figure reaches a value, or when some minutes have passed.

    Attributes
    ----------
    monitor
        With ``value``: ``"loss"``, the default, or another figure on the validation examples.
    value
        Stop after an epoch whose figure is as good as this: at least it where higher is better, at
        most it where lower is.
    minutes
        Stop after the step at which training, validation included, has taken so long, above 0. A
        run that is resumed counts what it took before.

    Errors
    ------
    ``wrong-value``
        Unless exactly one of ``value`` and ``minutes`` is given, or with a ``monitor`` for minutes.

    References
    ----------
    Coleman et al. (2017), DAWNBench: an end-to-end deep learning benchmark and competition, on the
    time to a given accuracy.
    """

    type: Literal["stop_when"] = "stop_when"
    monitor: str | None = None
    value: float | None = None
    minutes: Annotated[float, Gt(0)] | None = None

    @model_validator(mode="after")
    def _one_goal(self) -> Self:
        if (self.value is None) == (self.minutes is None):
            found = "none" if self.value is None else "both"
            raise problem(
                "wrong-value",
                f"stop_when expects either value or minutes, found {found}",
                "for several goals, list several stop_when",
            )
        if self.monitor is not None and self.value is None:
            raise problem("wrong-value", "monitor expects a value, found minutes")
        return self

    @property
    def figure(self) -> str:
        """The figure that is to reach the value."""
        return self.monitor or "loss"

    def check(self, figures: Mapping[str, bool], *, validates: bool) -> None:
        """Check that the figure, if there is one, is reported."""
        if self.value is None:
            return
        if not validates:
            raise ShapeError(
                "stop_when expects validation examples for a value, found none",
                hint="set data.validation, such as 0.1",
            )
        check_reported(self.figure, figures)


@dataclass
class _Spent(State):
    """How long training has taken so far."""

    seconds: float = 0.0


@final
class StopWhen(ConfiguredCallback[StopWhenConfig]):
    """See `StopWhenConfig`."""

    def __init__(self, config: StopWhenConfig) -> None:
        super().__init__(config)
        self._spent = _Spent()
        self._clock = 0.0
        self._run: Run | None = None

    def state(self) -> State:
        """Return the time that training has taken."""
        return self._spent

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        """Keep the run, and start the clock."""
        self._run = run
        self._clock = time.monotonic()

    def step_ended(self, event: StepEnded) -> None:
        """Stop if the minutes have passed."""
        self._look_at_clock()

    def epoch_ended(self, event: EpochEnded) -> None:
        """Stop if the minutes have passed or the figure has reached the value."""
        self._look_at_clock()
        run, value, name = self._run, self.config.value, self.config.figure
        if run is None or value is None:
            return
        figure = event.validation[name]
        if figure >= value if run.figures[name] else figure <= value:
            run.stop(f"{name} has reached {value:g}: it is {figure:g}")

    def _look_at_clock(self) -> None:
        minutes = self.config.minutes
        if self._run is None or minutes is None:
            return
        now = time.monotonic()
        self._spent.seconds += now - self._clock
        self._clock = now
        if self._spent.seconds >= 60 * minutes:
            self._run.stop(f"{minutes:g} minutes have passed")
