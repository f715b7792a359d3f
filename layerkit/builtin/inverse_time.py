"""Inverse-time decay of the learning rate."""

from __future__ import annotations

from functools import cache
from math import prod
from typing import Annotated, Literal, final

from annotated_types import Ge
from pydantic import Field

from layerkit.plugin import Schedule, ScheduleConfig, ScheduleContext


class InverseTimeConfig(ScheduleConfig):
    """Divides the rate by a number that grows with the epochs.

    ``learning_rate / (1 + decay * epoch)``, changing at the start of an epoch.

    Epochs count from 0. With ``compound = true`` the *running* rate is divided by
    ``1 + decay * epoch`` at every epoch, so that the divisors multiply up: the rule of the
    from-scratch network that Layerkit grew from.

    Attributes
    ----------
    decay
        From 0, per epoch.
    compound
        Whether to divide the running rate rather than the first one.

    References
    ----------
    Robbins, Monro (1951), A stochastic approximation method.
    """

    type: Literal["inverse_time"] = "inverse_time"
    decay: Annotated[float, Ge(0), Field(examples=[1e-3])]
    compound: bool = False


@final
class InverseTime(Schedule[InverseTimeConfig]):
    """See `InverseTimeConfig`."""

    def __init__(self, config: InverseTimeConfig, context: ScheduleContext) -> None:
        super().__init__(config, context)
        self._of_epoch = cache(self._learning_rate)

    def __call__(self, step: int) -> float:
        """Return the learning rate of the step's epoch."""
        return self._of_epoch(step // self.context.steps_per_epoch)

    def _learning_rate(self, epoch: int) -> float:
        decay = self.config.decay
        first = 1 if self.config.compound else epoch
        divisors = (1 + decay * past for past in range(first, epoch + 1))
        return self.context.start / prod(divisors)
