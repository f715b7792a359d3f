"""A schedule."""

from typing import Literal, final

from layerkit.plugin import Schedule, ScheduleConfig


class HalvingConfig(ScheduleConfig):
    """Half the rate after so many steps, again and again."""

    type: Literal["halving"] = "halving"
    steps: int = 1000


@final
class Halving(Schedule[HalvingConfig]):
    def __call__(self, step: int) -> float:
        return self.context.start * 0.5 ** (step // self.config.steps)
