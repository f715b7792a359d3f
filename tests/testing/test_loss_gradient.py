from __future__ import annotations

from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array, Targets
from layerkit.contracts.dataset import VectorTarget
from layerkit.contracts.loss import LossConfig
from layerkit.contracts.output import OutputContext
from layerkit.testing.loss import check_loss
from tests.testing.right_loss import Squares, SquaresConfig


class SumsInGradientConfig(SquaresConfig):
    type: Literal["sums_in_gradient"] = "sums_in_gradient"


@final
class SumsInGradient(Squares[SumsInGradientConfig]):
    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        difference = outputs - targets
        return float(np.sum(weights[..., np.newaxis] * difference**2)) / 2

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        return len(outputs) * super().gradient(outputs, targets, weights, out)


class IgnoresWeightsInItsValueConfig(SquaresConfig):
    type: Literal["ignores_weights_in_its_value"] = "ignores_weights_in_its_value"


@final
class IgnoresWeightsInItsValue(Squares[IgnoresWeightsInItsValueConfig]):
    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        return super().value(outputs, targets, np.ones_like(weights))


class AddsToGradientConfig(SquaresConfig):
    type: Literal["adds_to_gradient"] = "adds_to_gradient"


@final
class AddsToGradient(Squares[AddsToGradientConfig]):
    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        before = out.copy()
        value = super().gradient(outputs, targets, weights, out)
        np.add(out, before, out=out)
        return value


class DrawsConfig(SquaresConfig):
    type: Literal["draws"] = "draws"


@final
class Draws(Squares[DrawsConfig]):
    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        value = super().gradient(outputs, targets, weights, out)
        np.add(out, 1e-9 * np.random.default_rng().normal(size=out.shape), out=out)
        return value


class WrongSignConfig(SquaresConfig):
    type: Literal["wrong_sign"] = "wrong_sign"


@final
class WrongSign(Squares[WrongSignConfig]):
    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        value = super().gradient(outputs, targets, weights, out)
        np.negative(out, out=out)
        return value


class IgnoresWeightsInGradientConfig(SquaresConfig):
    type: Literal["ignores_weights_in_gradient"] = "ignores_weights_in_gradient"


@final
class IgnoresWeightsInGradient(Squares[IgnoresWeightsInGradientConfig]):
    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        value = super().gradient(outputs, targets, weights, out)
        np.subtract(outputs, targets, out=out)
        return value


class DividesGradientByCountConfig(SquaresConfig):
    type: Literal["divides_gradient_by_count"] = "divides_gradient_by_count"


@final
class DividesGradientByCount(Squares[DividesGradientByCountConfig]):
    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        value = super().gradient(outputs, targets, weights, out)
        np.divide(out, len(out), out=out)
        return value


class ForgetsSmoothingConfig(SquaresConfig):
    type: Literal["forgets_smoothing"] = "forgets_smoothing"
    smoothing: float = 0.1


@final
class ForgetsSmoothing(Squares[ForgetsSmoothingConfig]):
    """Targets are drawn towards one half, but not for the gradient."""

    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        smooth = targets + self.config.smoothing * (0.5 - targets)
        return super().gradient(outputs, smooth, weights, np.zeros_like(outputs))

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        super().gradient(outputs, targets, weights, out)
        return self.value(outputs, targets, weights)


class AveragesOverCapacityConfig(SquaresConfig):
    type: Literal["averages_over_capacity"] = "averages_over_capacity"


@final
class AveragesOverCapacity(Squares[AveragesOverCapacityConfig]):
    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        value = super().gradient(outputs, targets, weights, out)
        share = len(outputs) / self.context.capacity
        np.multiply(out, share, out=out)
        return share * value


class KeepsFullBatchConfig(SquaresConfig):
    type: Literal["keeps_full_batch"] = "keeps_full_batch"


@final
class KeepsFullBatch(Squares[KeepsFullBatchConfig]):
    def __init__(self, config: KeepsFullBatchConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self._of_row = context.buffer(())

    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        difference = outputs - targets
        np.sum(weights[..., np.newaxis] * difference**2, axis=1, out=self._of_row[: len(outputs)])
        return float(self._of_row.sum()) / 2

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        super().gradient(outputs, targets, weights, out)
        return self.value(outputs, targets, weights)


class SubtractsAnewConfig(SquaresConfig):
    type: Literal["subtracts_anew"] = "subtracts_anew"


@final
class SubtractsAnew(Squares[SubtractsAnewConfig]):
    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        return super().gradient(outputs.copy(), targets, weights, out)


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check"),
    [
        (SumsInGradientConfig(), "value_of_gradient"),
        (IgnoresWeightsInItsValueConfig(), "value_of_gradient"),
        (AddsToGradientConfig(), "gradient_assigned"),
        (DrawsConfig(), "gradient_assigned"),
        (WrongSignConfig(), "gradient"),
        (IgnoresWeightsInGradientConfig(), "gradient"),
        (DividesGradientByCountConfig(), "gradient"),
        (ForgetsSmoothingConfig(), "gradient"),
        (AveragesOverCapacityConfig(), "short_batch"),
        (KeepsFullBatchConfig(), "short_batch"),
        (SubtractsAnewConfig(), "steady_step_allocates_nothing"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, LossConfig) else "",
)
def test_a_wrong_gradient_is_caught_by_name(config: LossConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: loss '{config.type_name()}'"):
        check_loss(config, output_shape=(3,), target=VectorTarget((3,)))
