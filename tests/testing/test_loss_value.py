from __future__ import annotations

from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array, Shape, Targets
from layerkit.contracts.dataset import Target, VectorTarget
from layerkit.contracts.loss import LossConfig
from layerkit.contracts.output import LossPlan, OutputContext
from layerkit.errors import ShapeError
from layerkit.testing.loss import check_loss
from tests.testing.right_loss import Squares, SquaresConfig


class RightConfig(SquaresConfig):
    type: Literal["right"] = "right"


@final
class Right(Squares[RightConfig]):
    pass


class TruncatesConfig(SquaresConfig):
    type: Literal["truncates"] = "truncates"


@final
class Truncates(Squares[TruncatesConfig]):
    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        return int(super().value(outputs, targets, weights))


class ReturnsNumpyScalarsConfig(SquaresConfig):
    type: Literal["returns_numpy_scalars"] = "returns_numpy_scalars"


@final
class ReturnsNumpyScalars(Squares[ReturnsNumpyScalarsConfig]):
    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        return np.float64(super().value(outputs, targets, weights))


class CountsCallsConfig(SquaresConfig):
    type: Literal["counts_calls"] = "counts_calls"


@final
class CountsCalls(Squares[CountsCallsConfig]):
    def __init__(self, config: CountsCallsConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self._calls = 0

    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        self._calls += 1
        return super().value(outputs, targets, weights) / self._calls


class WritesOutputsConfig(SquaresConfig):
    type: Literal["writes_outputs"] = "writes_outputs"


@final
class WritesOutputs(Squares[WritesOutputsConfig]):
    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        return super().gradient(outputs, targets, weights, np.zeros_like(outputs))

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        value = super().gradient(outputs, targets, weights, out)
        np.subtract(outputs, outputs.mean(), out=outputs)
        return value


class WritesTargetsConfig(SquaresConfig):
    type: Literal["writes_targets"] = "writes_targets"


@final
class WritesTargets(Squares[WritesTargetsConfig]):
    def predict(self, outputs: Array, out: Array) -> None:
        super().predict(outputs, out)
        self._targets.fill(0)

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        self._targets = targets
        return super().gradient(outputs, targets, weights, out)


class WritesWeightsConfig(SquaresConfig):
    type: Literal["writes_weights"] = "writes_weights"


@final
class WritesWeights(Squares[WritesWeightsConfig]):
    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        return super().gradient(outputs, targets, weights.copy(), np.zeros_like(outputs))

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        value = super().gradient(outputs, targets, weights, out)
        np.divide(weights, weights.sum(), out=weights)
        return value


class WritesWeightsInValueConfig(SquaresConfig):
    type: Literal["writes_weights_in_value"] = "writes_weights_in_value"


@final
class WritesWeightsInValue(Squares[WritesWeightsInValueConfig]):
    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        value = super().value(outputs, targets, weights)
        weights.fill(1)
        return value


class RoundsConfig(SquaresConfig):
    type: Literal["rounds"] = "rounds"


@final
class Rounds(Squares[RoundsConfig]):
    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        value = super().value(outputs, targets, weights)
        return round(value, 2) if outputs.dtype == np.float32 else value


class OverflowsConfig(SquaresConfig):
    type: Literal["overflows"] = "overflows"


@final
class Overflows(Squares[OverflowsConfig]):
    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        del targets
        with np.errstate(over="ignore"):
            np.exp(outputs, out=out)
        np.multiply(out, weights[..., np.newaxis], out=out)
        return float(out.sum())


class PredictsHalfConfig(SquaresConfig):
    type: Literal["predicts_half"] = "predicts_half"


@final
class PredictsHalf(Squares[PredictsHalfConfig]):
    def predict(self, outputs: Array, out: Array) -> None:
        out[:2] = outputs[:2]


class TakesAnythingConfig(SquaresConfig):
    type: Literal["takes_anything"] = "takes_anything"

    def plan(self, output: Shape, target: Target) -> LossPlan:
        return LossPlan(output)


@final
class TakesAnything(Squares[TakesAnythingConfig]):
    pass


class RefusesAllConfig(SquaresConfig):
    type: Literal["refuses_all"] = "refuses_all"

    def plan(self, output: Shape, target: Target) -> LossPlan:
        raise ShapeError(f"expects something else, found {output} and {target}")


@final
class RefusesAll(Squares[RefusesAllConfig]):
    pass


class RefusesUnkindlyConfig(SquaresConfig):
    type: Literal["refuses_unkindly"] = "refuses_unkindly"

    def plan(self, output: Shape, target: Target) -> LossPlan:
        if target != VectorTarget(output):
            raise ValueError("no")
        return LossPlan(output)


@final
class RefusesUnkindly(Squares[RefusesUnkindlyConfig]):
    pass


class TripsOverClassesConfig(SquaresConfig):
    type: Literal["trips_over_classes"] = "trips_over_classes"

    def plan(self, output: Shape, target: Target) -> LossPlan:
        if target.shape[0] != output[0]:
            raise ShapeError(f"expects targets of shape {output}, found {target}")
        return LossPlan(output)


@final
class TripsOverClasses(Squares[TripsOverClassesConfig]):
    pass


@pytest.mark.right_component(RightConfig())
def test_a_right_loss_passes() -> None:
    check_loss(RightConfig(), output_shape=(3,), target=VectorTarget((3,)))
    check_loss(RightConfig(), output_shape=(4, 3), target=VectorTarget((4, 3)))


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check"),
    [
        (TruncatesConfig(), "value_is_finite"),
        (ReturnsNumpyScalarsConfig(), "value_is_finite"),
        (CountsCallsConfig(), "value_is_repeatable"),
        (WritesOutputsConfig(), "arguments_untouched"),
        (WritesTargetsConfig(), "arguments_untouched"),
        (WritesWeightsConfig(), "arguments_untouched"),
        (WritesWeightsInValueConfig(), "value_is_repeatable"),
        (RoundsConfig(), "float32_agrees_with_float64"),
        (OverflowsConfig(), "extreme_outputs"),
        (PredictsHalfConfig(), "prediction"),
        (TakesAnythingConfig(), "refuses_other_outputs"),
        (RefusesAllConfig(), "accepts_outputs"),
        (RefusesUnkindlyConfig(), "refuses_other_outputs"),
        (TripsOverClassesConfig(), "refuses_other_targets"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, LossConfig) else "",
)
def test_a_wrong_loss_is_caught_by_name(config: LossConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: loss '{config.type_name()}'"):
        check_loss(config, output_shape=(3,), target=VectorTarget((3,)))
