from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeVar, final

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.contracts import Block, ElementwiseOptimizer, OptimizerConfig, Parameter
from layerkit.testing import check_optimizer


class HeavyConfig(OptimizerConfig):
    """A right optimizer, gradient descent with a velocity."""

    learning_rate: float = 0.1

    def slots(self) -> tuple[str, ...]:
        return ("velocity",)


HeavyT_co = TypeVar("HeavyT_co", bound=HeavyConfig, covariant=True)


class Heavy(ElementwiseOptimizer[HeavyT_co]):
    def update(self, block: Block, learning_rate: float, count: int) -> None:
        del count
        (velocity,) = block.slots
        np.multiply(velocity, 0.5, out=velocity)
        np.add(velocity, block.grad, out=velocity)
        np.multiply(velocity, learning_rate, out=block.scratch)
        np.subtract(block.value, block.scratch, out=block.value)


class RightConfig(HeavyConfig):
    type: Literal["right"] = "right"


@final
class Right(Heavy[RightConfig]):
    pass


class DecaysWeightsConfig(HeavyConfig):
    type: Literal["decays_weights"] = "decays_weights"


@final
class DecaysWeights(Heavy[DecaysWeightsConfig]):
    def update(self, block: Block, learning_rate: float, count: int) -> None:
        np.multiply(block.value, 1 - 0.1 * learning_rate, out=block.value)
        super().update(block, learning_rate, count)


class AscendsConfig(HeavyConfig):
    type: Literal["ascends"] = "ascends"


@final
class Ascends(Heavy[AscendsConfig]):
    def update(self, block: Block, learning_rate: float, count: int) -> None:
        np.negative(block.grad, out=block.grad)
        super().update(block, learning_rate, count)


class WorksOnACopyConfig(HeavyConfig):
    type: Literal["works_on_a_copy"] = "works_on_a_copy"


@final
class WorksOnACopy(Heavy[WorksOnACopyConfig]):
    def __init__(
        self, config: WorksOnACopyConfig, parameter: Parameter, slots: Mapping[str, Array]
    ) -> None:
        super().__init__(config, Parameter(parameter.value.copy(), parameter.grad), slots)


class DrawsConfig(HeavyConfig):
    type: Literal["draws"] = "draws"


@final
class Draws(Heavy[DrawsConfig]):
    def update(self, block: Block, learning_rate: float, count: int) -> None:
        np.multiply(block.grad, np.random.default_rng().uniform(0.9, 1), out=block.grad)
        super().update(block, learning_rate, count)


class FirstBlockOnlyConfig(HeavyConfig):
    type: Literal["first_block_only"] = "first_block_only"


@final
class FirstBlockOnly(Heavy[FirstBlockOnlyConfig]):
    def step(self, learning_rate: float, count: int) -> None:
        self.update(self._blocks[0], learning_rate, count)


class SkipsTheLastConfig(HeavyConfig):
    type: Literal["skips_the_last"] = "skips_the_last"


@final
class SkipsTheLast(Heavy[SkipsTheLastConfig]):
    def update(self, block: Block, learning_rate: float, count: int) -> None:
        last = float(block.value[-1])
        super().update(block, learning_rate, count)
        block.value[-1] = last


class NormalizesBlocksConfig(HeavyConfig):
    type: Literal["normalizes_blocks"] = "normalizes_blocks"


@final
class NormalizesBlocks(Heavy[NormalizesBlocksConfig]):
    def update(self, block: Block, learning_rate: float, count: int) -> None:
        np.divide(block.grad, 1 + np.abs(block.grad).max(), out=block.grad)
        super().update(block, learning_rate, count)


class SharesItsVelocityConfig(HeavyConfig):
    type: Literal["shares_its_velocity"] = "shares_its_velocity"


@final
class SharesItsVelocity(Heavy[SharesItsVelocityConfig]):
    def step(self, learning_rate: float, count: int) -> None:
        shared = self._blocks[0].slots[0]
        for block in self._blocks:
            slots = (shared[: block.value.size],)
            alike = Block(block.value, block.grad, slots, block.scratch)
            self.update(alike, learning_rate, count)


class DriftsConfig(HeavyConfig):
    type: Literal["drifts"] = "drifts"


@final
class Drifts(Heavy[DriftsConfig]):
    def update(self, block: Block, learning_rate: float, count: int) -> None:
        np.add(block.grad, 1e-3, out=block.grad)
        super().update(block, learning_rate, count)


class GrowsWeightsConfig(HeavyConfig):
    type: Literal["grows_weights"] = "grows_weights"


@final
class GrowsWeights(Heavy[GrowsWeightsConfig]):
    def update(self, block: Block, learning_rate: float, count: int) -> None:
        np.multiply(block.value, 1 + 0.01 * learning_rate, out=block.value)
        super().update(block, learning_rate, count)


class IgnoresScheduleConfig(HeavyConfig):
    type: Literal["ignores_schedule"] = "ignores_schedule"


@final
class IgnoresSchedule(Heavy[IgnoresScheduleConfig]):
    def update(self, block: Block, learning_rate: float, count: int) -> None:
        del learning_rate
        super().update(block, self.config.learning_rate, count)


class HalvesInStepConfig(HeavyConfig):
    type: Literal["halves_in_step"] = "halves_in_step"


@final
class HalvesInStep(Heavy[HalvesInStepConfig]):
    def step(self, learning_rate: float, count: int) -> None:
        super().step(learning_rate / 2, count)


class UnusedSlotConfig(HeavyConfig):
    type: Literal["unused_slot"] = "unused_slot"

    def slots(self) -> tuple[str, ...]:
        return ("velocity", "variance")


@final
class UnusedSlot(Heavy[UnusedSlotConfig]):
    def update(self, block: Block, learning_rate: float, count: int) -> None:
        slots = block.slots[:1]
        alike = Block(block.value, block.grad, slots, block.scratch)
        super().update(alike, learning_rate, count)


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
    def update(self, block: Block, learning_rate: float, count: int) -> None:
        with np.errstate(over="ignore", invalid="ignore"):
            np.power(block.grad, 11, out=block.scratch)
            np.divide(block.scratch, 1 + np.abs(block.scratch), out=block.scratch)
        np.add(block.grad, block.scratch, out=block.grad)
        super().update(block, learning_rate, count)


class RoundsConfig(HeavyConfig):
    type: Literal["rounds"] = "rounds"


@final
class Rounds(Heavy[RoundsConfig]):
    def update(self, block: Block, learning_rate: float, count: int) -> None:
        if block.grad.dtype == np.float32:
            np.round(block.grad, 1, out=block.grad)
        super().update(block, learning_rate, count)


@pytest.mark.parametrize("config", [RightConfig(), DecaysWeightsConfig()])
def test_a_right_optimizer_passes(config: OptimizerConfig) -> None:
    check_optimizer(config)


@pytest.mark.parametrize(
    ("config", "check"),
    [
        (AscendsConfig(), "goes_downhill"),
        (WorksOnACopyConfig(), "goes_downhill"),
        (DrawsConfig(), "steps_are_repeatable"),
        (FirstBlockOnlyConfig(), "every_element_changes"),
        (SkipsTheLastConfig(), "every_element_changes"),
        (NormalizesBlocksConfig(), "several_blocks"),
        (SharesItsVelocityConfig(), "several_blocks"),
        (DriftsConfig(), "no_gradient_no_step"),
        (GrowsWeightsConfig(), "no_gradient_no_step"),
        (HalvesInStepConfig(), "step_is_its_updates"),
        (IgnoresScheduleConfig(), "follows_learning_rate"),
        (UnusedSlotConfig(), "slots_are_used"),
        (SlotTwiceConfig(), "slot_names"),
        (OverflowsConfig(), "stays_finite"),
        (RoundsConfig(), "float32_agrees_with_float64"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, OptimizerConfig) else "",
)
def test_a_wrong_optimizer_is_caught_by_name(config: OptimizerConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: optimizer '{config.type_name()}'"):
        check_optimizer(config)
