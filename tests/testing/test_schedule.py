from __future__ import annotations

from typing import Literal, final

import numpy as np
import pytest

from layerkit.contracts.schedule import Schedule, ScheduleConfig, ScheduleContext
from layerkit.testing.schedule import check_schedule


class RightConfig(ScheduleConfig):
    type: Literal["right"] = "right"


@final
class Right(Schedule[RightConfig]):
    def __call__(self, step: int) -> float:
        return self.context.learning_rate / (1 + step)


class FallsBelowZeroConfig(ScheduleConfig):
    type: Literal["falls_below_zero"] = "falls_below_zero"


@final
class FallsBelowZero(Schedule[FallsBelowZeroConfig]):
    def __call__(self, step: int) -> float:
        return self.context.learning_rate - 0.01 * step


class LeavesTheNumbersConfig(ScheduleConfig):
    type: Literal["leaves_the_numbers"] = "leaves_the_numbers"


@final
class LeavesTheNumbers(Schedule[LeavesTheNumbersConfig]):
    def __call__(self, step: int) -> float:
        return float("inf") if step > 30 else 0.1


class DividesByStepConfig(ScheduleConfig):
    type: Literal["divides_by_step"] = "divides_by_step"


@final
class DividesByStep(Schedule[DividesByStepConfig]):
    def __call__(self, step: int) -> float:
        return self.context.learning_rate / step


class IsAnIntegerConfig(ScheduleConfig):
    type: Literal["is_an_integer"] = "is_an_integer"


@final
class IsAnInteger(Schedule[IsAnIntegerConfig]):
    def __call__(self, step: int) -> float:
        return 1 if step < 10 else 0


class DrawsConfig(ScheduleConfig):
    type: Literal["draws"] = "draws"


@final
class Draws(Schedule[DrawsConfig]):
    def __call__(self, step: int) -> float:
        return self.context.learning_rate * np.random.default_rng().uniform(0.9, 1)


class CountsCallsConfig(ScheduleConfig):
    type: Literal["counts_calls"] = "counts_calls"


@final
class CountsCalls(Schedule[CountsCallsConfig]):
    def __init__(self, config: CountsCallsConfig, context: ScheduleContext) -> None:
        super().__init__(config, context)
        self._rate = context.learning_rate

    def __call__(self, step: int) -> float:
        self._rate *= 0.99
        return self._rate


def test_a_right_schedule_passes() -> None:
    check_schedule(RightConfig())


@pytest.mark.parametrize(
    ("config", "check"),
    [
        (FallsBelowZeroConfig(), "rates_are_numbers"),
        (LeavesTheNumbersConfig(), "rates_are_numbers"),
        (DividesByStepConfig(), "rates_are_numbers"),
        (IsAnIntegerConfig(), "rates_are_numbers"),
        (DrawsConfig(), "rates_are_repeatable"),
        (CountsCallsConfig(), "order_does_not_matter"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, ScheduleConfig) else "",
)
def test_a_wrong_schedule_is_caught_by_name(config: ScheduleConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: schedule '{config.type_name()}'"):
        check_schedule(config)


def test_a_failure_names_the_step() -> None:
    with pytest.raises(AssertionError, match=r"learning rate of step 11: expected from 0, found -"):
        check_schedule(FallsBelowZeroConfig(), learning_rate=0.1)
