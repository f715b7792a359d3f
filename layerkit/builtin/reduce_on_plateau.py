"""Reduction of the learning rate when a figure stops improving."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, final

from annotated_types import Ge, Gt, Lt

from layerkit.plugin import (
    EpochEnded,
    Schedule,
    ScheduleConfig,
    ScheduleContext,
    ShapeError,
    State,
    check_reported,
)


class ReduceOnPlateauConfig(ScheduleConfig):
    """Multiply by ``factor`` when a validation figure has not improved for ``patience`` epochs.

    Counts from 0 again after every reduction, and changes at the start of an epoch. Figures improve
    upwards or downwards as they say: a loss downwards, an accuracy upwards. PyTorch's scheduler of
    that name waits for one epoch more than its ``patience``, and by default takes ``min_delta`` as
    a share of the best figure.

    Attributes
    ----------
    monitor
        ``"loss"`` or another figure on the validation examples.
    factor
        Above 0 and below 1.
    patience
        Epochs without improvement before a reduction, at least 1.
    min_delta
        What counts as an improvement, from 0.
    minimum
        The lowest that the number is reduced to, from 0.

    References
    ----------
    Bengio (2012), Practical recommendations for gradient-based training of deep architectures,
    section 3.1.
    """

    type: Literal["reduce_on_plateau"] = "reduce_on_plateau"
    monitor: str = "loss"
    factor: Annotated[float, Gt(0), Lt(1)] = 0.1
    patience: Annotated[int, Gt(0)] = 10
    min_delta: Annotated[float, Ge(0)] = 0.0
    minimum: Annotated[float, Ge(0)] = 0.0

    def check(self, figures: Mapping[str, bool], *, validates: bool) -> None:
        """Check that the figure is reported."""
        if not validates:
            raise ShapeError(
                "reduce_on_plateau expects validation examples, found none",
                hint="set data.validation, such as 0.1",
            )
        check_reported(self.monitor, figures)


@dataclass
class _Watched(State):
    """What must survive a restart.

    Attributes
    ----------
    best
        The best figure so far, turned so that higher is better.
    epochs_without
        Epochs since then, or since the last reduction.
    reductions
        A line for each: after how many epochs, and what the number is from there on. A run that is
        resumed for more epochs may have more.
    """

    best: float = float("-inf")
    epochs_without: int = 0
    reductions: str = ""


@final
class ReduceOnPlateau(Schedule[ReduceOnPlateauConfig]):
    """See `ReduceOnPlateauConfig`."""

    def __init__(self, config: ReduceOnPlateauConfig, context: ScheduleContext) -> None:
        super().__init__(config, context)
        self._watched = _Watched()
        self._read = ""
        self._ends: list[int] = []
        self._numbers = [context.start]
        self._sign = 1.0 if context.figures.get(config.monitor, False) else -1.0

    def __call__(self, step: int) -> float:
        """Return the number of the step's epoch."""
        return self._of_epoch(step // self.context.steps_per_epoch)

    def _of_epoch(self, epoch: int) -> float:
        """Return the number of an epoch, counted from 0."""
        if self._read != self._watched.reductions:
            self._read = self._watched.reductions
            rows = [line.split() for line in self._read.splitlines()]
            self._ends = [int(end) for end, _ in rows]
            self._numbers = [self.context.start, *(float(number) for _, number in rows)]
        return self._numbers[bisect_right(self._ends, epoch)]

    def observe(self, epoch: EpochEnded) -> None:
        """Compare the figure with the best; reduce the epochs to come once patience has run out."""
        config, watched = self.config, self._watched
        figure = self._sign * epoch.validation[config.monitor]
        if figure > watched.best + config.min_delta:
            watched.best = figure
            watched.epochs_without = 0
            return
        watched.epochs_without += 1
        if watched.epochs_without >= config.patience:
            watched.epochs_without = 0
            now = self._of_epoch(epoch.epoch - 1)
            lower = min(now, max(now * config.factor, config.minimum))
            watched.reductions += f"{epoch.epoch} {lower!r}\n"

    def state(self) -> State:
        """Return the best figure and the reductions so far."""
        return self._watched
