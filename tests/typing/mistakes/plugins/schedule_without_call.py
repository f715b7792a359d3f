"""A schedule with `rate` in place of `__call__`."""

from typing import Literal, final

from layerkit.plugin import Schedule, ScheduleConfig


class HalvingConfig(ScheduleConfig):
    """Half the rate after so many steps, again and again."""

    type: Literal["halving"] = "halving"
    steps: int = 1000


@final
class Halving(Schedule[HalvingConfig]):
    def rate(self, step: int) -> float:
        return self.context.start * 0.5 ** (step // self.config.steps)

# mypy 16: Final class Halving has abstract attributes "__call__" [misc]
# pyright 16: Class "Halving" is marked final and must implement all abstract symbols [reportGeneralTypeIssues]
