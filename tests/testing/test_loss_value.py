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
        return self.gradient(outputs, targets, np.zeros_like(outputs))

    def gradient(self, outputs: Array, targets: Targets, out: Array) -> float:
        np.subtract(outputs, targets, out=out)
        value = float(np.vdot(out, out)) / 2 / len(out)
        np.divide(out, len(out), out=out)
        return value


class RightConfig(SquaresConfig):
    type: Literal["right"] = "right"


@final
class Right(Squares[RightConfig]):
    pass


class TruncatesConfig(SquaresConfig):
    type: Literal["truncates"] = "truncates"


@final
class Truncates(Squares[TruncatesConfig]):
    def value(self, outputs: Array, targets: Targets) -> float:
        return int(super().value(outputs, targets))


class CountsCallsConfig(SquaresConfig):
    type: Literal["counts_calls"] = "counts_calls"


@final
class CountsCalls(Squares[CountsCallsConfig]):
    def __init__(self, config: CountsCallsConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self._calls = 0

    def value(self, outputs: Array, targets: Targets) -> float:
        self._calls += 1
        return super().value(outputs, targets) / self._calls


class WritesOutputsConfig(SquaresConfig):
    type: Literal["writes_outputs"] = "writes_outputs"


@final
class WritesOutputs(Squares[WritesOutputsConfig]):
    def gradient(self, outputs: Array, targets: Targets, out: Array) -> float:
        value = super().gradient(outputs, targets, out)
        np.subtract(outputs, outputs.mean(), out=outputs)
        return value

    def value(self, outputs: Array, targets: Targets) -> float:
        return self.gradient(outputs.copy(), targets, np.zeros_like(outputs))


class WritesTargetsConfig(SquaresConfig):
    type: Literal["writes_targets"] = "writes_targets"


@final
class WritesTargets(Squares[WritesTargetsConfig]):
    def predict(self, outputs: Array, out: Array) -> None:
        super().predict(outputs, out)
        self._targets.fill(0)

    def gradient(self, outputs: Array, targets: Targets, out: Array) -> float:
        self._targets = targets
        return super().gradient(outputs, targets, out)


class RoundsConfig(SquaresConfig):
    type: Literal["rounds"] = "rounds"


@final
class Rounds(Squares[RoundsConfig]):
    def value(self, outputs: Array, targets: Targets) -> float:
        value = super().value(outputs, targets)
        return round(value, 2) if outputs.dtype == np.float32 else value


class OverflowsConfig(SquaresConfig):
    type: Literal["overflows"] = "overflows"


@final
class Overflows(Squares[OverflowsConfig]):
    def gradient(self, outputs: Array, targets: Targets, out: Array) -> float:
        del targets
        with np.errstate(over="ignore"):
            np.exp(outputs, out=out)
        np.divide(out, len(out), out=out)
        return float(out.sum())


class PredictsHalfConfig(SquaresConfig):
    type: Literal["predicts_half"] = "predicts_half"


@final
class PredictsHalf(Squares[PredictsHalfConfig]):
    def predict(self, outputs: Array, out: Array) -> None:
        out[:2] = outputs[:2]


class TakesAnythingConfig(SquaresConfig):
    type: Literal["takes_anything"] = "takes_anything"

    def check(self, output: Shape, target: Target) -> None:
        pass


@final
class TakesAnything(Squares[TakesAnythingConfig]):
    pass


class RefusesAllConfig(SquaresConfig):
    type: Literal["refuses_all"] = "refuses_all"

    def check(self, output: Shape, target: Target) -> None:
        raise ShapeError(f"expects something else, found {output} and {target}")


@final
class RefusesAll(Squares[RefusesAllConfig]):
    pass


class RefusesUnkindlyConfig(SquaresConfig):
    type: Literal["refuses_unkindly"] = "refuses_unkindly"

    def check(self, output: Shape, target: Target) -> None:
        if target != VectorTarget(output):
            raise ValueError("no")


@final
class RefusesUnkindly(Squares[RefusesUnkindlyConfig]):
    pass


def test_a_right_loss_passes() -> None:
    check_loss(RightConfig(), output_shape=(3,), target=VectorTarget((3,)))


@pytest.mark.parametrize(
    ("config", "check"),
    [
        (TruncatesConfig(), "value_is_finite"),
        (CountsCallsConfig(), "value_is_repeatable"),
        (WritesOutputsConfig(), "arguments_untouched"),
        (WritesTargetsConfig(), "arguments_untouched"),
        (RoundsConfig(), "float32_agrees_with_float64"),
        (OverflowsConfig(), "extreme_outputs"),
        (PredictsHalfConfig(), "prediction"),
        (TakesAnythingConfig(), "refuses_other_outputs"),
        (RefusesUnkindlyConfig(), "refuses_other_outputs"),
        (RefusesAllConfig(), "accepts_outputs"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, LossConfig) else "",
)
def test_a_wrong_loss_is_caught_by_name(config: LossConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: loss '{config.type_name()}'"):
        check_loss(config, output_shape=(3,), target=VectorTarget((3,)))
