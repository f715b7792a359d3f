from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, final

import numpy as np
import pytest

from layerkit.contracts.optimizer import Optimizer, OptimizerConfig, Span
from layerkit.contracts.schedule import SCHEDULES, Schedule, ScheduleConfig
from layerkit.registry import installed
from layerkit.state import State
from layerkit.testing.optimizer import check_optimizer
from tests.testing.right_optimizers import (
    DecaysWeightsConfig,
    HalvesUntilLowerConfig,
    Heavy,
    HeavyConfig,
    Length,
    RightConfig,
    WholeParameterConfig,
)
from tests.testing.wrong_optimizers import (
    AscendsConfig,
    DrawsConfig,
    DriftsConfig,
    FirstHalfOnlyConfig,
    GrowsWeightsConfig,
    IgnoresScheduleConfig,
    KeepsOneNumberConfig,
    NormalizesSpansConfig,
    OverflowsConfig,
    RoundsConfig,
    SkipsTheLastConfig,
    SlotTwiceConfig,
    UnusedSlotConfig,
    WorksOnACopyConfig,
)


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


class FirstGroupSetsThePaceConfig(HeavyConfig):
    """Works out a factor for the first span of a step, and uses it for those that follow."""

    type: Literal["first_group_sets_the_pace"] = "first_group_sets_the_pace"


@final
class FirstGroupSetsThePace(Heavy[FirstGroupSetsThePaceConfig]):
    step = 0
    pace = 1.0

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        if step != self.step:
            self.step, self.pace = step, 1 / (1 + span.grad.size)
        super().update(span, learning_rate * self.pace, step)


class KeepsTheFirstSlotsConfig(HeavyConfig):
    """Keeps the slots of the first span that it sees."""

    type: Literal["keeps_the_first_slots"] = "keeps_the_first_slots"


@final
class KeepsTheFirstSlots(Heavy[KeepsTheFirstSlotsConfig]):
    first: Span | None = None

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        self.first = self.first or span
        slots = self.first.slots
        alike = Span(span.value, span.grad, slots, span.scratch, span.decay)
        super().update(alike, learning_rate, step)


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


@pytest.mark.right_component
@pytest.mark.parametrize(
    "config",
    [RightConfig(), DecaysWeightsConfig(), WholeParameterConfig(), HalvesUntilLowerConfig()],
)
def test_a_right_optimizer_passes(config: OptimizerConfig) -> None:
    check_optimizer(config)


@pytest.mark.wrong_component
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
        (FirstGroupSetsThePaceConfig(), "elementwise_as_stated"),
        (KeepsTheFirstSlotsConfig(), "spans_do_not_mix"),
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
