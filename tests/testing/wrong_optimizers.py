"""Optimizers with one fault each, that the kit must catch."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.contracts.optimizer import Span
from tests.testing.right_optimizers import Heavy, HeavyConfig


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
