from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.contracts.events import EpochEnded
from layerkit.contracts.schedule import Schedule, ScheduleConfig, ScheduleContext
from layerkit.state import State
from layerkit.testing.schedule import check_schedule


class RightConfig(ScheduleConfig):
    type: Literal["right"] = "right"


@final
class Right(Schedule[RightConfig]):
    def __call__(self, step: int) -> float:
        return self.context.start / (1 + step)


class FallsBelowZeroConfig(ScheduleConfig):
    type: Literal["falls_below_zero"] = "falls_below_zero"


@final
class FallsBelowZero(Schedule[FallsBelowZeroConfig]):
    def __call__(self, step: int) -> float:
        return self.context.start - 0.01 * step


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
        return self.context.start / step


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
        return self.context.start * np.random.default_rng().uniform(0.9, 1)


class CountsCallsConfig(ScheduleConfig):
    type: Literal["counts_calls"] = "counts_calls"


@final
class CountsCalls(Schedule[CountsCallsConfig]):
    def __init__(self, config: CountsCallsConfig, context: ScheduleContext) -> None:
        super().__init__(config, context)
        self._rate = context.start

    def __call__(self, step: int) -> float:
        self._rate *= 0.99
        return self._rate


class FollowsConfig(ScheduleConfig):
    """A right schedule that halves the rates to come after every epoch that was worse."""

    type: Literal["follows"] = "follows"


@dataclass
class Followed(State):
    rates: Array
    last: float = float("inf")


@dataclass
class Worse(State):
    epochs: str = ""
    last: float = float("inf")


@final
class Follows(Schedule[FollowsConfig]):
    def __init__(self, config: FollowsConfig, context: ScheduleContext) -> None:
        super().__init__(config, context)
        self.worse = Worse()

    def __call__(self, step: int) -> float:
        epoch = step // self.context.steps_per_epoch
        halvings = sum(int(worse) <= epoch for worse in self.worse.epochs.split())
        return self.context.start / 2.0**halvings

    def observe(self, epoch: EpochEnded) -> None:
        if epoch.validation["loss"] > self.worse.last:
            self.worse.epochs += f"{epoch.epoch} "
        self.worse.last = epoch.validation["loss"]

    def state(self) -> State:
        return self.worse


@dataclass
class Rate(State):
    rate: float


class RewritesThePastConfig(ScheduleConfig):
    type: Literal["rewrites_the_past"] = "rewrites_the_past"


@final
class RewritesThePast(Schedule[RewritesThePastConfig]):
    def __init__(self, config: RewritesThePastConfig, context: ScheduleContext) -> None:
        super().__init__(config, context)
        self.rate = Rate(context.start)

    def __call__(self, step: int) -> float:
        return self.rate.rate

    def observe(self, epoch: EpochEnded) -> None:
        self.rate.rate /= 2

    def state(self) -> State:
        return self.rate


class ForgetsConfig(ScheduleConfig):
    type: Literal["forgets"] = "forgets"


@final
class Forgets(Schedule[ForgetsConfig]):
    """Follows the figures, but declares no state."""

    def __init__(self, config: ForgetsConfig, context: ScheduleContext) -> None:
        super().__init__(config, context)
        self.rates = np.full(context.epochs, context.start)

    def __call__(self, step: int) -> float:
        return float(self.rates[step // self.context.steps_per_epoch])

    def observe(self, epoch: EpochEnded) -> None:
        self.rates[epoch.epoch :] /= 2


class DeclaresHalfConfig(ScheduleConfig):
    type: Literal["declares_half"] = "declares_half"


@final
class DeclaresHalf(Schedule[DeclaresHalfConfig]):
    """Declares its rates, but not the loss that they depend on."""

    def __init__(self, config: DeclaresHalfConfig, context: ScheduleContext) -> None:
        super().__init__(config, context)
        self.followed = Followed(np.full(context.epochs, context.start))
        self.last = float("inf")

    def __call__(self, step: int) -> float:
        return float(self.followed.rates[step // self.context.steps_per_epoch])

    def observe(self, epoch: EpochEnded) -> None:
        if epoch.validation["loss"] > self.last:
            self.followed.rates[epoch.epoch :] /= 2
        self.last = epoch.validation["loss"]

    def state(self) -> State:
        return self.followed


class StateAnewConfig(ScheduleConfig):
    type: Literal["state_anew"] = "state_anew"


@final
class StateAnew(Schedule[StateAnewConfig]):
    def __call__(self, step: int) -> float:
        return self.context.start

    def state(self) -> State:
        return Rate(self.context.start)


class DrawsAfterEpochsConfig(ScheduleConfig):
    type: Literal["draws_after_epochs"] = "draws_after_epochs"


@final
class DrawsAfterEpochs(Schedule[DrawsAfterEpochsConfig]):
    def __init__(self, config: DrawsAfterEpochsConfig, context: ScheduleContext) -> None:
        super().__init__(config, context)
        self.rates = np.full(context.epochs, context.start)

    def __call__(self, step: int) -> float:
        return float(self.rates[step // self.context.steps_per_epoch])

    def observe(self, epoch: EpochEnded) -> None:
        self.rates[epoch.epoch :] *= np.random.default_rng().uniform(0.5, 1)


class EndsBelowZeroConfig(ScheduleConfig):
    type: Literal["ends_below_zero"] = "ends_below_zero"


@final
class EndsBelowZero(Schedule[EndsBelowZeroConfig]):
    def __init__(self, config: EndsBelowZeroConfig, context: ScheduleContext) -> None:
        super().__init__(config, context)
        self.rates = np.full(context.epochs, context.start)

    def __call__(self, step: int) -> float:
        return float(self.rates[step // self.context.steps_per_epoch])

    def observe(self, epoch: EpochEnded) -> None:
        self.rates[epoch.epoch :] -= 0.06


class OrderMattersAfterEpochsConfig(ScheduleConfig):
    type: Literal["order_matters_after_epochs"] = "order_matters_after_epochs"


@final
class OrderMattersAfterEpochs(Schedule[OrderMattersAfterEpochsConfig]):
    """Halves the rate when first asked after an epoch."""

    def __init__(self, config: OrderMattersAfterEpochsConfig, context: ScheduleContext) -> None:
        super().__init__(config, context)
        self.rate, self.is_due, self.since = context.start, False, 0

    def __call__(self, step: int) -> float:
        if self.is_due and step >= self.since:
            self.is_due = False
            return self.rate / 2
        return self.rate

    def observe(self, epoch: EpochEnded) -> None:
        self.is_due, self.since = True, epoch.step


class IsAsLongAsTheRunConfig(ScheduleConfig):
    type: Literal["is_as_long_as_the_run"] = "is_as_long_as_the_run"


@dataclass
class Seen(State):
    losses: Array


@final
class IsAsLongAsTheRun(Schedule[IsAsLongAsTheRunConfig]):
    """Keeps a loss for every epoch of the run, so that no longer run can take them."""

    def __init__(self, config: IsAsLongAsTheRunConfig, context: ScheduleContext) -> None:
        super().__init__(config, context)
        self.seen = Seen(np.zeros(context.epochs))

    def __call__(self, step: int) -> float:
        return self.context.start

    def observe(self, epoch: EpochEnded) -> None:
        self.seen.losses[epoch.epoch - 1] = epoch.train["loss"]

    def state(self) -> State:
        return self.seen


class DividesByEpochsToComeConfig(ScheduleConfig):
    """Falls evenly to a tenth in the last epoch; a run of one epoch has no such slope."""

    type: Literal["divides_by_epochs_to_come"] = "divides_by_epochs_to_come"


@final
class DividesByEpochsToCome(Schedule[DividesByEpochsToComeConfig]):
    def __call__(self, step: int) -> float:
        epoch = step // self.context.steps_per_epoch
        return self.context.start * (1 - 0.9 * epoch / (self.context.epochs - 1))


class WarmsUpForTenStepsConfig(ScheduleConfig):
    """Rises for ten steps and then falls to the end, which a shorter run does not reach."""

    type: Literal["warms_up_for_ten_steps"] = "warms_up_for_ten_steps"


@final
class WarmsUpForTenSteps(Schedule[WarmsUpForTenStepsConfig]):
    def __init__(self, config: WarmsUpForTenStepsConfig, context: ScheduleContext) -> None:
        super().__init__(config, context)
        falling = np.linspace(1, 0, context.steps - 10)
        self.factors = [*np.linspace(0, 1, 10).tolist(), *falling.tolist()]

    def __call__(self, step: int) -> float:
        return self.context.start * float(self.factors[step])


@pytest.mark.right_component
@pytest.mark.parametrize("config", [RightConfig(), FollowsConfig()])
def test_a_right_schedule_passes(config: ScheduleConfig) -> None:
    check_schedule(config)


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check"),
    [
        (FallsBelowZeroConfig(), "rates_are_numbers"),
        (LeavesTheNumbersConfig(), "rates_are_numbers"),
        (DividesByStepConfig(), "rates_are_numbers"),
        (IsAnIntegerConfig(), "rates_are_numbers"),
        (DrawsConfig(), "rates_are_repeatable"),
        (CountsCallsConfig(), "order_does_not_matter"),
        (RewritesThePastConfig(), "past_rates_stay"),
        (ForgetsConfig(), "state_survives_a_restart"),
        (DeclaresHalfConfig(), "state_survives_a_restart"),
        (StateAnewConfig(), "state_survives_a_restart"),
        (DrawsAfterEpochsConfig(), "rates_are_repeatable"),
        (EndsBelowZeroConfig(), "rates_are_numbers"),
        (OrderMattersAfterEpochsConfig(), "order_does_not_matter"),
        (IsAsLongAsTheRunConfig(), "state_fits_a_longer_run"),
        (DividesByEpochsToComeConfig(), "short_runs"),
        (WarmsUpForTenStepsConfig(), "short_runs"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, ScheduleConfig) else "",
)
def test_a_wrong_schedule_is_caught_by_name(config: ScheduleConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: schedule '{config.type_name()}'"):
        check_schedule(config)


def test_a_failure_names_the_step() -> None:
    with pytest.raises(AssertionError, match=r"learning rate of step 11: expected from 0, found -"):
        check_schedule(FallsBelowZeroConfig(), learning_rate=0.1)
