"""One cycle: up to a peak, then down to almost nothing."""

from __future__ import annotations

import math
from typing import Annotated, Literal, final

from annotated_types import Ge, Gt, Le

from layerkit.plugin import Schedule, ScheduleConfig


class OneCycleConfig(ScheduleConfig):
    """From ``first`` to ``peak``, then to ``last``, each a multiple of the number that it changes.

    ``first`` is the factor of the first step, ``last`` that of the last one; in between lies
    the peak, after a share ``warmup`` of all steps. As the schedule of a learning rate, which then
    is the highest one, the defaults are those of PyTorch's ``OneCycleLR``. As that of a momentum,
    ``{first = 1, peak = 0.9, last = 1}`` goes the other way.

    Attributes
    ----------
    first, peak, last
        Factors, from 0.
    warmup
        Share of the steps until the peak, from 0 to 1.
    anneal
        ``"cosine"``: in halves of a cosine; ``"linear"``: in straight lines.

    References
    ----------
    Smith, Topin (2018), Super-convergence: very fast training of neural networks using large
    learning rates.
    """

    type: Literal["one_cycle"] = "one_cycle"
    first: Annotated[float, Ge(0)] = 0.04
    peak: Annotated[float, Gt(0)] = 1.0
    last: Annotated[float, Ge(0)] = 4e-6
    warmup: Annotated[float, Ge(0), Le(1)] = 0.3
    anneal: Literal["cosine", "linear"] = "cosine"


@final
class OneCycle(Schedule[OneCycleConfig]):
    """See `OneCycleConfig`."""

    def __call__(self, step: int) -> float:
        """Return the number of a step on the way up or down."""
        config, steps = self.config, self.context.steps
        top, end = max(config.warmup * steps - 1, 0.0), steps - 1
        if step < top:
            factor = self._between(config.first, config.peak, step / top)
        elif top < end:
            factor = self._between(config.peak, config.last, min((step - top) / (end - top), 1.0))
        else:
            factor = config.peak
        return self.context.start * factor

    def _between(self, start: float, stop: float, share: float) -> float:
        if self.config.anneal == "cosine":
            share = (1 - math.cos(math.pi * share)) / 2
        return start + (stop - start) * share
