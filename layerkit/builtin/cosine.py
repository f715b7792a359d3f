"""Cosine decay, with restarts."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self, final

from annotated_types import Ge, Gt, Le
from pydantic import model_validator

from layerkit.plugin import Schedule, ScheduleConfig, ScheduleContext, problem


class CosineConfig(ScheduleConfig):
    """Down to a share ``last`` along half a cosine, over the whole run or again and again.

    ``learning_rate * (last + (1 - last) * (1 + cos(pi * t / n)) / 2)`` at step ``t`` of a period of
    ``n`` steps, counted from 0. Without ``epochs`` or ``steps`` the period is the whole run, as in
    PyTorch's ``CosineAnnealingLR`` and Keras' ``CosineDecay``. With them the number starts again
    from the top at the end of every period: period ``k``, counted from 0, is ``growth^k`` times as
    long as the first, and its top is ``factor^k`` of the first, as in Keras'
    ``CosineDecayRestarts``, whose ``t_mul`` and ``m_mul`` these are, and PyTorch's
    ``CosineAnnealingWarmRestarts``, whose ``T_mult`` is ``growth``, and whose ``factor`` is 1.
    PyTorch is given the last rate itself.

    Attributes
    ----------
    last
        Share of the number that is left at the end of a period, from 0 to 1.
    epochs, steps
        The first period, at least 1; one of them, or none for the whole run.
    growth
        At least 1: how much longer each period is than the one before.
    factor
        Above 0, up to 1: how much lower each period starts than the one before.

    References
    ----------
    Loshchilov, Hutter (2017), SGDR: stochastic gradient descent with warm restarts, equation 5.
    """

    type: Literal["cosine"] = "cosine"
    last: Annotated[float, Ge(0), Le(1)] = 0.0
    epochs: Annotated[int, Gt(0)] | None = None
    steps: Annotated[int, Gt(0)] | None = None
    growth: Annotated[float, Ge(1)] = 1.0
    factor: Annotated[float, Gt(0), Le(1)] = 1.0

    @model_validator(mode="after")
    def _options_need_a_period(self) -> Self:
        if self.steps is not None and self.epochs is not None:
            raise problem("wrong-value", "cosine expects either steps or epochs, found both")
        given = {"growth": self.growth, "factor": self.factor}
        for option, value in given.items():
            if value != 1 and self.steps is None and self.epochs is None:
                raise problem(
                    "wrong-value",
                    f"{option} = {value:g} expects periods, found none",
                    "set epochs to the length of the first one, such as 10",
                )
        return self


@final
class Cosine(Schedule[CosineConfig]):
    """See `CosineConfig`."""

    def __init__(self, config: CosineConfig, context: ScheduleContext) -> None:
        super().__init__(config, context)
        epochs = config.epochs or context.epochs
        self._first = config.steps or epochs * context.steps_per_epoch

    def __call__(self, step: int) -> float:
        """Return the number of a step of its period."""
        config = self.config
        period, since, length = self._period(step)
        top = self.context.start * math.pow(config.factor, period)
        share = (1 + math.cos(math.pi * since / length)) / 2
        return top * (config.last + (1 - config.last) * share)

    def _period(self, step: int) -> tuple[int, float, float]:
        """Return the number of the step's period, the steps since it began, and its length."""
        if self.config.growth == 1:
            return step // self._first, step % self._first, self._first
        period, since, length = 0, float(step), float(self._first)
        while since >= length:
            period, since, length = period + 1, since - length, length * self.config.growth
        return period, since, length
