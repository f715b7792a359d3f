from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeVar, final

import numpy as np
import pytest

from layerkit.contracts.optimizer import Optimizer, OptimizerConfig, OptimizerContext, Span
from layerkit.contracts.schedule import SCHEDULES, Schedule, ScheduleConfig
from layerkit.registry import installed
from layerkit.state import State
from layerkit.testing.optimizer import check_optimizer


class HeavyConfig(OptimizerConfig):
    """A right optimizer, gradient descent with a velocity."""

    learning_rate: float = 0.1

    def slots(self) -> tuple[str, ...]:
        return ("velocity",)


HeavyT_co = TypeVar("HeavyT_co", bound=HeavyConfig, covariant=True)


class Heavy(Optimizer[HeavyT_co]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        (velocity,) = span.slots
        np.multiply(velocity, 0.5, out=velocity)
        np.add(velocity, span.grad, out=velocity)
        np.multiply(velocity, learning_rate, out=span.scratch)
        np.subtract(span.value, span.scratch, out=span.value)


class RightConfig(HeavyConfig):
    type: Literal["right"] = "right"


@final
class Right(Heavy[RightConfig]):
    pass


class DecaysWeightsConfig(HeavyConfig):
    """A right optimizer with weight decay."""

    uses_decay: ClassVar[bool] = True

    type: Literal["decays_weights"] = "decays_weights"


@final
class DecaysWeights(Heavy[DecaysWeightsConfig]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        np.multiply(span.value, 1 - 0.1 * learning_rate * span.decay, out=span.value)
        super().update(span, learning_rate, step)


class WholeParameterConfig(HeavyConfig):
    """A right optimizer of whole parameters."""

    type: Literal["whole_parameter"] = "whole_parameter"


@final
class WholeParameter(Heavy[WholeParameterConfig]):
    scope = "parameter"

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        np.divide(span.grad, 1 + np.abs(span.grad).max(), out=span.grad)
        super().update(span, learning_rate, step)


class HalvesUntilLowerConfig(OptimizerConfig):
    """A right optimizer of the whole network, with state and a line search."""

    type: Literal["halves_until_lower"] = "halves_until_lower"
    learning_rate: float = 1.0


@dataclass
class Length(State):
    length: float = 4.0


@final
class HalvesUntilLower(Optimizer[HalvesUntilLowerConfig]):
    scope = "network"

    def __init__(self, config: HalvesUntilLowerConfig, context: OptimizerContext) -> None:
        super().__init__(config, context)
        self.length = Length()

    def state(self) -> State:
        return self.length

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        start, grad = span.value.copy(), span.grad.copy()
        before = self.context.objective()
        if not learning_rate:
            return
        for _ in range(20):
            span.value[...] = start - learning_rate * self.length.length * grad
            if self.context.objective() < before:
                return
            self.length.length /= 2
        span.value[...] = start


class DecaysAnywayConfig(HeavyConfig):
    """Does not look at the span's decay, so biases decay too."""

    uses_decay: ClassVar[bool] = True

    type: Literal["decays_anyway"] = "decays_anyway"


@final
class DecaysAnyway(Heavy[DecaysAnywayConfig]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        np.multiply(span.value, 1 - 0.1 * learning_rate, out=span.value)
        super().update(span, learning_rate, step)


class DecayIsASwitchConfig(HeavyConfig):
    """Takes every decay but 0 for 1."""

    uses_decay: ClassVar[bool] = True

    type: Literal["decay_is_a_switch"] = "decay_is_a_switch"


@final
class DecayIsASwitch(Heavy[DecayIsASwitchConfig]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        if span.decay:
            np.multiply(span.value, 1 - 0.1 * learning_rate, out=span.value)
        super().update(span, learning_rate, step)


class DecaysInSecretConfig(HeavyConfig):
    """Decays although its config says that it has no decay."""

    type: Literal["decays_in_secret"] = "decays_in_secret"


@final
class DecaysInSecret(Heavy[DecaysInSecretConfig]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        np.multiply(span.value, 1 - 0.1 * learning_rate * span.decay, out=span.value)
        super().update(span, learning_rate, step)


class LeavesItsSpanConfig(HeavyConfig):
    """Steps with every parameter, whatever span it is given."""

    type: Literal["leaves_its_span"] = "leaves_its_span"


@final
class LeavesItsSpan(Heavy[LeavesItsSpanConfig]):
    scope = "parameter"

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        whole = self.context.parameter
        np.subtract(whole.value, learning_rate * whole.grad, out=whole.value)
        super().update(span, learning_rate, step)


class CountsUpdatesConfig(HeavyConfig):
    """Counts spans for steps."""

    type: Literal["counts_updates"] = "counts_updates"


@final
class CountsUpdates(Heavy[CountsUpdatesConfig]):
    count = 0

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        self.count += 1
        super().update(span, learning_rate / self.count, step)


class ReadsScratchConfig(HeavyConfig):
    """Takes scratch memory for zeros."""

    type: Literal["reads_scratch"] = "reads_scratch"


@final
class ReadsScratch(Heavy[ReadsScratchConfig]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        np.add(span.grad, 1e-3 * span.scratch, out=span.grad)
        super().update(span, learning_rate, step)
        span.scratch.fill(0)


class ForgetsItsLengthConfig(OptimizerConfig):
    """Keeps a step length that it does not declare."""

    type: Literal["forgets_its_length"] = "forgets_its_length"
    learning_rate: float = 0.5


@final
class ForgetsItsLength(Optimizer[ForgetsItsLengthConfig]):
    scope = "network"
    length = 1.0

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        np.subtract(span.value, learning_rate * self.length * span.grad, out=span.value)
        self.length *= 0.9


class StateAnewConfig(HeavyConfig):
    """Returns another state at every call, so that what is restored is lost."""

    type: Literal["state_anew"] = "state_anew"


@final
class StateAnew(Heavy[StateAnewConfig]):
    def state(self) -> State:
        return Length()


class ScheduleAnewConfig(HeavyConfig):
    """Builds its schedule at every call, so that none hears of all epochs."""

    type: Literal["schedule_anew"] = "schedule_anew"


@final
class ScheduleAnew(Heavy[ScheduleAnewConfig]):
    def schedules(self) -> Sequence[Schedule[ScheduleConfig]]:
        return [self.context.schedule(installed().load(SCHEDULES, "constant")(), 0.5)]


class AscendsAllConfig(OptimizerConfig):
    """Goes uphill with the whole network."""

    type: Literal["ascends_all"] = "ascends_all"
    learning_rate: float = 0.1


@final
class AscendsAll(Optimizer[AscendsAllConfig]):
    scope = "network"

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        np.add(span.value, learning_rate * span.grad, out=span.value)


class AscendsConfig(HeavyConfig):
    type: Literal["ascends"] = "ascends"


@final
class Ascends(Heavy[AscendsConfig]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        np.negative(span.grad, out=span.grad)
        super().update(span, learning_rate, step)


class WorksOnACopyConfig(HeavyConfig):
    type: Literal["works_on_a_copy"] = "works_on_a_copy"


@final
class WorksOnACopy(Heavy[WorksOnACopyConfig]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        copy = Span(span.value.copy(), span.grad, span.slots, span.scratch)
        super().update(copy, learning_rate, step)


class DrawsConfig(HeavyConfig):
    type: Literal["draws"] = "draws"


@final
class Draws(Heavy[DrawsConfig]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        np.multiply(span.grad, np.random.default_rng().uniform(0.9, 1), out=span.grad)
        super().update(span, learning_rate, step)


class FirstHalfOnlyConfig(HeavyConfig):
    type: Literal["first_half_only"] = "first_half_only"


@final
class FirstHalfOnly(Heavy[FirstHalfOnlyConfig]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        half = span.value.size // 2
        slots = tuple(slot[:half] for slot in span.slots)
        first = Span(span.value[:half], span.grad[:half], slots, span.scratch[:half])
        super().update(first, learning_rate, step)


class SkipsTheLastConfig(HeavyConfig):
    type: Literal["skips_the_last"] = "skips_the_last"


@final
class SkipsTheLast(Heavy[SkipsTheLastConfig]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        last = float(span.value[-1])
        super().update(span, learning_rate, step)
        span.value[-1] = last


class NormalizesSpansConfig(HeavyConfig):
    type: Literal["normalizes_spans"] = "normalizes_spans"


@final
class NormalizesSpans(Heavy[NormalizesSpansConfig]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        np.divide(span.grad, 1 + np.abs(span.grad).max(), out=span.grad)
        super().update(span, learning_rate, step)


class KeepsOneNumberConfig(HeavyConfig):
    type: Literal["keeps_one_number"] = "keeps_one_number"


@final
class KeepsOneNumber(Heavy[KeepsOneNumberConfig]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        (velocity,) = span.slots
        np.add(velocity, span.grad.mean(), out=velocity)
        super().update(span, learning_rate, step)


class DriftsConfig(HeavyConfig):
    type: Literal["drifts"] = "drifts"


@final
class Drifts(Heavy[DriftsConfig]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        np.add(span.grad, 1e-3, out=span.grad)
        super().update(span, learning_rate, step)


class GrowsWeightsConfig(HeavyConfig):
    type: Literal["grows_weights"] = "grows_weights"


@final
class GrowsWeights(Heavy[GrowsWeightsConfig]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        np.multiply(span.value, 1 + 0.01 * learning_rate, out=span.value)
        super().update(span, learning_rate, step)


class IgnoresScheduleConfig(HeavyConfig):
    type: Literal["ignores_schedule"] = "ignores_schedule"


@final
class IgnoresSchedule(Heavy[IgnoresScheduleConfig]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        super().update(span, self.config.learning_rate, step)


class UnusedSlotConfig(HeavyConfig):
    type: Literal["unused_slot"] = "unused_slot"

    def slots(self) -> tuple[str, ...]:
        return ("velocity", "variance")


@final
class UnusedSlot(Heavy[UnusedSlotConfig]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        slots = span.slots[:1]
        alike = Span(span.value, span.grad, slots, span.scratch)
        super().update(alike, learning_rate, step)


class SlotTwiceConfig(HeavyConfig):
    type: Literal["slot_twice"] = "slot_twice"

    def slots(self) -> tuple[str, ...]:
        return ("velocity", "velocity")


@final
class SlotTwice(Heavy[SlotTwiceConfig]):
    pass


class OverflowsConfig(HeavyConfig):
    type: Literal["overflows"] = "overflows"


@final
class Overflows(Heavy[OverflowsConfig]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        with np.errstate(over="ignore", invalid="ignore"):
            np.power(span.grad, 11, out=span.scratch)
            np.divide(span.scratch, 1 + np.abs(span.scratch), out=span.scratch)
        np.add(span.grad, span.scratch, out=span.grad)
        super().update(span, learning_rate, step)


class RoundsConfig(HeavyConfig):
    type: Literal["rounds"] = "rounds"


@final
class Rounds(Heavy[RoundsConfig]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        if span.grad.dtype == np.float32:
            np.round(span.grad, 1, out=span.grad)
        super().update(span, learning_rate, step)


@pytest.mark.parametrize(
    "config",
    [RightConfig(), DecaysWeightsConfig(), WholeParameterConfig(), HalvesUntilLowerConfig()],
)
def test_a_right_optimizer_passes(config: OptimizerConfig) -> None:
    check_optimizer(config)


@pytest.mark.parametrize(
    ("config", "check"),
    [
        (AscendsConfig(), "goes_downhill"),
        (WorksOnACopyConfig(), "goes_downhill"),
        (DrawsConfig(), "steps_are_repeatable"),
        (FirstHalfOnlyConfig(), "every_element_changes"),
        (SkipsTheLastConfig(), "every_element_changes"),
        (NormalizesSpansConfig(), "elementwise_as_stated"),
        (KeepsOneNumberConfig(), "elementwise_as_stated"),
        (DriftsConfig(), "no_gradient_no_step"),
        (GrowsWeightsConfig(), "no_gradient_no_step"),
        (IgnoresScheduleConfig(), "follows_learning_rate"),
        (UnusedSlotConfig(), "slots_are_used"),
        (SlotTwiceConfig(), "slot_names"),
        (OverflowsConfig(), "stays_finite"),
        (RoundsConfig(), "float32_agrees_with_float64"),
        (DecaysAnywayConfig(), "decay_is_the_spans"),
        (DecayIsASwitchConfig(), "decay_is_the_spans"),
        (DecaysInSecretConfig(), "decay_is_the_spans"),
        (LeavesItsSpanConfig(), "stays_within_its_span"),
        (CountsUpdatesConfig(), "spans_do_not_mix"),
        (ReadsScratchConfig(), "scratch_carries_nothing"),
        (ForgetsItsLengthConfig(), "state_survives_a_restart"),
        (StateAnewConfig(), "state_survives_a_restart"),
        (ScheduleAnewConfig(), "state_survives_a_restart"),
        (AscendsAllConfig(), "goes_downhill"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, OptimizerConfig) else "",
)
def test_a_wrong_optimizer_is_caught_by_name(config: OptimizerConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: optimizer '{config.type_name()}'"):
        check_optimizer(config)
