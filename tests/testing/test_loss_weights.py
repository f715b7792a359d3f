from __future__ import annotations

from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array, Targets
from layerkit.builtin.softmax_cross_entropy import SoftmaxCrossEntropyConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.contracts.loss import LossConfig
from layerkit.testing.loss import check_loss
from tests.testing.right_loss import Squares, SquaresConfig


class IgnoresWeightsConfig(SquaresConfig):
    type: Literal["ignores_weights"] = "ignores_weights"


@final
class IgnoresWeights(Squares[IgnoresWeightsConfig]):
    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        return super().gradient(outputs, targets, np.ones_like(weights), out)


class DividesBySumConfig(SquaresConfig):
    type: Literal["divides_by_sum"] = "divides_by_sum"


@final
class DividesBySum(Squares[DividesBySumConfig]):
    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        total = float(weights.sum()) or 1.0
        return super().gradient(outputs, targets, weights / total, out)


class DividesByCountConfig(SquaresConfig):
    type: Literal["divides_by_count"] = "divides_by_count"


@final
class DividesByCount(Squares[DividesByCountConfig]):
    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        return super().gradient(outputs, targets, weights / len(outputs), out)


class KnowsOtherExamplesConfig(SquaresConfig):
    type: Literal["knows_other_examples"] = "knows_other_examples"


@final
class KnowsOtherExamples(Squares[KnowsOtherExamplesConfig]):
    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        return super().gradient(outputs, targets + targets[:1], weights, out)


class MixesStepsConfig(SquaresConfig):
    type: Literal["mixes_steps"] = "mixes_steps"


@final
class MixesSteps(Squares[MixesStepsConfig]):
    """Every step counts as much as the first of its example."""

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        weights = np.repeat(weights[:, :1], weights.shape[1], axis=1)
        return super().gradient(outputs, targets, weights, out)


class LargestOfStepsConfig(SquaresConfig):
    type: Literal["largest_of_steps"] = "largest_of_steps"


@final
class LargestOfSteps(Squares[LargestOfStepsConfig]):
    """Every step counts as much as the one of its example that counts most."""

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        weights = np.repeat(weights.max(axis=1, keepdims=True), weights.shape[1], axis=1)
        return super().gradient(outputs, targets, weights, out)


class WeighReplacesConfig(SquaresConfig):
    type: Literal["weigh_replaces"] = "weigh_replaces"


@final
class WeighReplaces(Squares[WeighReplacesConfig]):
    def weigh(self, targets: Targets, weights: Array) -> None:
        np.copyto(weights, np.asarray(targets)[:, 0])


class WeighAddsConfig(SquaresConfig):
    type: Literal["weigh_adds"] = "weigh_adds"


@final
class WeighAdds(Squares[WeighAddsConfig]):
    def weigh(self, targets: Targets, weights: Array) -> None:
        np.add(weights, 1, out=weights)


class WeighNormalizesConfig(SquaresConfig):
    type: Literal["weigh_normalizes"] = "weigh_normalizes"


@final
class WeighNormalizes(Squares[WeighNormalizesConfig]):
    def weigh(self, targets: Targets, weights: Array) -> None:
        np.divide(weights, weights.sum(), out=weights)


class WeighIsNegativeConfig(SquaresConfig):
    type: Literal["weigh_is_negative"] = "weigh_is_negative"


@final
class WeighIsNegative(Squares[WeighIsNegativeConfig]):
    def weigh(self, targets: Targets, weights: Array) -> None:
        np.negative(weights, out=weights)


class WeighWritesTargetsConfig(SquaresConfig):
    type: Literal["weigh_writes_targets"] = "weigh_writes_targets"


@final
class WeighWritesTargets(Squares[WeighWritesTargetsConfig]):
    def weigh(self, targets: Targets, weights: Array) -> None:
        np.multiply(weights, np.asarray(targets)[:, 0], out=weights)
        targets.fill(1)


class WeighKnowsOtherExamplesConfig(SquaresConfig):
    type: Literal["weigh_knows_other_examples"] = "weigh_knows_other_examples"


@final
class WeighKnowsOtherExamples(Squares[WeighKnowsOtherExamplesConfig]):
    def weigh(self, targets: Targets, weights: Array) -> None:
        np.multiply(weights, np.asarray(targets)[0, 0], out=weights)


class WeighsUnannouncedConfig(SquaresConfig):
    type: Literal["weighs_unannounced"] = "weighs_unannounced"


@final
class WeighsUnannounced(Squares[WeighsUnannouncedConfig]):
    @property
    def weighs(self) -> bool:
        return False

    def weigh(self, targets: Targets, weights: Array) -> None:
        np.multiply(weights, np.asarray(targets)[:, 0], out=weights)


class SmallGradientConfig(SquaresConfig):
    type: Literal["small_gradient"] = "small_gradient"


@final
class SmallGradient(Squares[SmallGradientConfig]):
    """What weighs nothing has a gradient all the same, too small for the other checks."""

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        value = super().gradient(outputs, targets, weights, out)
        out[weights == 0] = 1e-13 * np.abs(out).max()
        return value


class NotANumberAtZeroConfig(SquaresConfig):
    type: Literal["not_a_number_at_zero"] = "not_a_number_at_zero"


@final
class NotANumberAtZero(Squares[NotANumberAtZeroConfig]):
    """Divides by the sum of the weights, and multiplies by it again."""

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        total = weights.sum()
        share = np.divide(weights, total, where=total > 0, out=np.full_like(weights, np.nan))
        return super().gradient(outputs, targets, share * total, out)


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check"),
    [
        (IgnoresWeightsConfig(), "linear_in_weights"),
        (DividesBySumConfig(), "linear_in_weights"),
        (DividesByCountConfig(), "sum_of_examples"),
        (KnowsOtherExamplesConfig(), "sum_of_examples"),
        (WeighReplacesConfig(), "weigh"),
        (WeighAddsConfig(), "weigh"),
        (WeighNormalizesConfig(), "weigh"),
        (WeighIsNegativeConfig(), "weigh"),
        (WeighWritesTargetsConfig(), "weigh"),
        (WeighKnowsOtherExamplesConfig(), "weigh"),
        (WeighsUnannouncedConfig(), "weigh"),
        (SmallGradientConfig(), "zero_weights"),
        (NotANumberAtZeroConfig(), "zero_weights"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, LossConfig) else "",
)
def test_a_wrong_use_of_weights_is_caught_by_name(config: LossConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: loss '{config.type_name()}'"):
        check_loss(config, output_shape=(3,), target=VectorTarget((3,)))


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check"),
    [(LargestOfStepsConfig(), "sum_of_items"), (MixesStepsConfig(), "zero_weights")],
    ids=lambda value: value.type_name() if isinstance(value, LossConfig) else "",
)
def test_steps_that_share_a_weight_are_caught(config: LossConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: loss '{config.type_name()}'"):
        check_loss(config, output_shape=(4, 3), target=VectorTarget((4, 3)))


def test_a_loss_with_weights_of_classes_passes() -> None:
    config = SoftmaxCrossEntropyConfig(class_weights=(0.0, 1.0, 2.5), label_smoothing=0.1)
    check_loss(config, output_shape=(3,), target=ClassTarget(3))
