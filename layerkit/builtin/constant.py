"""Constant learning rate."""

from __future__ import annotations

from typing import Literal, final

from layerkit.contracts import Schedule, ScheduleConfig


class ConstantConfig(ScheduleConfig):
    """The optimizer's learning rate at every step."""

    type: Literal["constant"] = "constant"


@final
class Constant(Schedule[ConstantConfig]):
    """See `ConstantConfig`."""

    def __call__(self, step: int) -> float:
        """Return the optimizer's learning rate."""
        del step
        return self.timetable.learning_rate
