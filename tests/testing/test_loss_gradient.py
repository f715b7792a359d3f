from __future__ import annotations

from typing import Literal, TypeVar, final

import numpy as np
import pytest

from layerkit.arrays import Array, Shape, Targets
from layerkit.contracts.dataset import Target, VectorTarget
from layerkit.contracts.loss import Loss, LossConfig
from layerkit.contracts.output import OutputContext
from layerkit.errors import ShapeError
from layerkit.testing.loss import check_loss


class SquaresConfig(LossConfig):
    """A right loss, half the mean over the batch of squared distances."""

    def check(self, output: Shape, target: Target) -> None:
        if target != VectorTarget(output):
            raise ShapeError(f"expects targets of shape {output}, found {target}")


SquaresT_co = TypeVar("SquaresT_co", bound=SquaresConfig, covariant=True)


class Squares(Loss[SquaresT_co]):
    def value(self, outputs: Array, targets: Targets) -> float:
        difference = outputs - targets
        return float(np.vdot(difference, difference)) / 2 / len(outputs)

    def gradient(self, outputs: Array, targets: Targets, out: Array) -> float:
        np.subtract(outputs, targets, out=out)
        np.divide(out, len(out), out=out)
        return self.value(outputs, targets)


class SumsInGradientConfig(SquaresConfig):
    type: Literal["sums_in_gradient"] = "sums_in_gradient"


@final
class SumsInGradient(Squares[SumsInGradientConfig]):
    def gradient(self, outputs: Array, targets: Targets, out: Array) -> float:
        return len(outputs) * super().gradient(outputs, targets, out)


class AddsToGradientConfig(SquaresConfig):
    type: Literal["adds_to_gradient"] = "adds_to_gradient"


@final
class AddsToGradient(Squares[AddsToGradientConfig]):
    def gradient(self, outputs: Array, targets: Targets, out: Array) -> float:
        before = out.copy()
        value = super().gradient(outputs, targets, out)
        np.add(out, before, out=out)
        return value


class DrawsConfig(SquaresConfig):
    type: Literal["draws"] = "draws"


@final
class Draws(Squares[DrawsConfig]):
    def gradient(self, outputs: Array, targets: Targets, out: Array) -> float:
        value = super().gradient(outputs, targets, out)
        np.add(out, 1e-9 * np.random.default_rng().normal(size=out.shape), out=out)
        return value


class ForgetsTheMeanConfig(SquaresConfig):
    type: Literal["forgets_the_mean"] = "forgets_the_mean"


@final
class ForgetsTheMean(Squares[ForgetsTheMeanConfig]):
    def gradient(self, outputs: Array, targets: Targets, out: Array) -> float:
        value = super().gradient(outputs, targets, out)
        np.multiply(out, len(out), out=out)
        return value


class WrongSignConfig(SquaresConfig):
    type: Literal["wrong_sign"] = "wrong_sign"


@final
class WrongSign(Squares[WrongSignConfig]):
    def gradient(self, outputs: Array, targets: Targets, out: Array) -> float:
        value = super().gradient(outputs, targets, out)
        np.negative(out, out=out)
        return value


class SumsOverBatchConfig(SquaresConfig):
    type: Literal["sums_over_batch"] = "sums_over_batch"


@final
class SumsOverBatch(Squares[SumsOverBatchConfig]):
    def value(self, outputs: Array, targets: Targets) -> float:
        return len(outputs) * super().value(outputs, targets)

    def gradient(self, outputs: Array, targets: Targets, out: Array) -> float:
        super().gradient(outputs, targets, out)
        np.multiply(out, len(out), out=out)
        return self.value(outputs, targets)


class AveragesOverCapacityConfig(SquaresConfig):
    type: Literal["averages_over_capacity"] = "averages_over_capacity"


@final
class AveragesOverCapacity(Squares[AveragesOverCapacityConfig]):
    def gradient(self, outputs: Array, targets: Targets, out: Array) -> float:
        value = super().gradient(outputs, targets, out)
        np.multiply(out, len(out) / self.context.capacity, out=out)
        return value


class KeepsFullBatchConfig(SquaresConfig):
    type: Literal["keeps_full_batch"] = "keeps_full_batch"


@final
class KeepsFullBatch(Squares[KeepsFullBatchConfig]):
    def __init__(self, config: KeepsFullBatchConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self._of_row = context.buffer(())

    def value(self, outputs: Array, targets: Targets) -> float:
        n = len(outputs)
        np.sum((outputs - targets) ** 2, axis=1, out=self._of_row[:n])
        return float(self._of_row.sum()) / 2 / n


@pytest.mark.parametrize(
    ("config", "check"),
    [
        (SumsInGradientConfig(), "value_of_gradient"),
        (AddsToGradientConfig(), "gradient_assigned"),
        (DrawsConfig(), "gradient_assigned"),
        (ForgetsTheMeanConfig(), "gradient"),
        (WrongSignConfig(), "gradient"),
        (SumsOverBatchConfig(), "mean_over_batch"),
        (AveragesOverCapacityConfig(), "short_batch"),
        (KeepsFullBatchConfig(), "short_batch"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, LossConfig) else "",
)
def test_a_wrong_gradient_is_caught_by_name(config: LossConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: loss '{config.type_name()}'"):
        check_loss(config, output_shape=(3,), target=VectorTarget((3,)))
