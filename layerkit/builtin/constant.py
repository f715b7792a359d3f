"""Constant learning rate."""

from __future__ import annotations

from typing import Literal, final

from layerkit.plugin import Schedule, ScheduleConfig


class ConstantConfig(ScheduleConfig):
    """The optimizer's learning rate at every step.

    References
    ----------
    Bottou, Curtis, Nocedal (2018), Optimization methods for large-scale machine learning, section
    4, on a fixed stepsize.
    """

    type: Literal["constant"] = "constant"


@final
class Constant(Schedule[ConstantConfig]):
    """See `ConstantConfig`."""

    def __call__(self, step: int) -> float:
        """Return the optimizer's learning rate."""
        return self.context.start
