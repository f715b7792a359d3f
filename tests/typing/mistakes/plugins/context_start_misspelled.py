"""What a schedule's context does not have."""

from typing import Literal, final

from layerkit.plugin import Schedule, ScheduleConfig


class HalvingConfig(ScheduleConfig):
    """Half the rate after so many steps, again and again."""

    type: Literal["halving"] = "halving"
    steps: int = 1000


@final
class Halving(Schedule[HalvingConfig]):
    def __call__(self, step: int) -> float:
        return self.context.learning_rate * 0.5 ** (step // self.config.steps)

# mypy 18: "ScheduleContext" has no attribute "learning_rate" [attr-defined]
# mypy 18: Returning Any from function declared to return "float" [no-any-return]
# pyright 18: Cannot access attribute "learning_rate" for class "ScheduleContext" [reportAttributeAccessIssue]
