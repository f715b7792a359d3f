"""Cosine in logarithmic time."""

from __future__ import annotations

import math
from typing import Annotated, Literal, final

from annotated_types import Gt

from layerkit.plugin import Schedule, ScheduleConfig


class LogCosineConfig(ScheduleConfig):
    """Cycles between 0 and the learning rate, each about twice as long as the one before.

    ``learning_rate * (1 - cos(2 * pi * log2(1 + (2^cycles - 1) * t / n))) / 2`` at step ``t`` of
    a run of ``n`` steps, counted from 0. The first step has a rate of 0. With 4 cycles it is
    ``coslog4`` of the paper, as RealMLP has it. PyTorch and Keras have none.

    Attributes
    ----------
    cycles
        At least 1, by default 4.

    References
    ----------
    Holzmüller, Grinsztajn, Steinwart (2024), Better by default: strong pre-tuned MLPs and boosted
    trees on tabular data.
    """

    type: Literal["log_cosine"] = "log_cosine"
    cycles: Annotated[int, Gt(0)] = 4


@final
class LogCosine(Schedule[LogCosineConfig]):
    """See `LogCosineConfig`."""

    def __call__(self, step: int) -> float:
        """Return the number of a step."""
        time = math.log2(1 + (2**self.config.cycles - 1) * step / self.context.steps)
        return self.context.start * (1 - math.cos(2 * math.pi * time)) / 2
