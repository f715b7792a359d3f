from __future__ import annotations

from typing import Literal, TypeVar, final

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.contracts.regularizer import Regularizer, RegularizerConfig
from layerkit.testing.regularizer import check_regularizer


class QuarticConfig(RegularizerConfig):
    """A right penalty, a quarter of the sum of fourth powers."""


QuarticT_co = TypeVar("QuarticT_co", bound=QuarticConfig, covariant=True)


class Quartic(Regularizer[QuarticT_co]):
    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        np.power(value, 3, out=scratch)
        np.add(grad, scratch, out=grad)
        return 0.25 * float(np.vdot(scratch, value))


class RightConfig(QuarticConfig):
    type: Literal["right"] = "right"


@final
class Right(Quartic[RightConfig]):
    pass


class AssignsConfig(QuarticConfig):
    type: Literal["assigns"] = "assigns"


@final
class Assigns(Quartic[AssignsConfig]):
    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        grad.fill(0)
        return super().penalize(value, grad, scratch)


class DecaysConfig(QuarticConfig):
    type: Literal["decays"] = "decays"


@final
class Decays(Quartic[DecaysConfig]):
    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        penalty = super().penalize(value, grad, scratch)
        np.multiply(value, 0.999, out=value)
        return penalty


class WrongFactorConfig(QuarticConfig):
    type: Literal["wrong_factor"] = "wrong_factor"


@final
class WrongFactor(Quartic[WrongFactorConfig]):
    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        return 4 * super().penalize(value, grad, scratch)


class RewardsConfig(QuarticConfig):
    type: Literal["rewards"] = "rewards"


@final
class Rewards(Quartic[RewardsConfig]):
    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        return super().penalize(value, grad, scratch) - 1e9


class DividesByZeroConfig(QuarticConfig):
    type: Literal["divides_by_zero"] = "divides_by_zero"


@final
class DividesByZero(Quartic[DividesByZeroConfig]):
    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        with np.errstate(invalid="ignore"):
            np.divide(value, np.abs(value), out=scratch)
        np.add(grad, scratch, out=grad)
        return float(np.abs(value).sum())


class FirstHalfOnlyConfig(QuarticConfig):
    type: Literal["first_half_only"] = "first_half_only"


@final
class FirstHalfOnly(Quartic[FirstHalfOnlyConfig]):
    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        half = len(value) // 2
        return super().penalize(value[:half], grad[:half], scratch[:half])


class FirstCallOnlyConfig(QuarticConfig):
    type: Literal["first_call_only"] = "first_call_only"


@final
class FirstCallOnly(Quartic[FirstCallOnlyConfig]):
    def __init__(self, config: FirstCallOnlyConfig) -> None:
        super().__init__(config)
        self.called = False

    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        if self.called:
            return 0.0
        self.called = True
        return super().penalize(value, grad, scratch)


class NormConfig(QuarticConfig):
    type: Literal["norm"] = "norm"


@final
class Norm(Quartic[NormConfig]):
    """Right but for what it says: a norm is no sum over single values."""

    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        norm = float(np.sqrt(np.vdot(value, value)))
        np.divide(value, norm or 1.0, out=scratch)
        np.add(grad, scratch, out=grad)
        return norm


class WholeNormConfig(QuarticConfig):
    type: Literal["whole_norm"] = "whole_norm"


@final
class WholeNorm(Quartic[WholeNormConfig]):
    elementwise = False

    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        norm = float(np.sqrt(np.vdot(value, value)))
        np.divide(value, norm or 1.0, out=scratch)
        np.add(grad, scratch, out=grad)
        return norm


class DrawsConfig(QuarticConfig):
    type: Literal["draws"] = "draws"


@final
class Draws(Quartic[DrawsConfig]):
    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        penalty = super().penalize(value, grad, scratch)
        return penalty * np.random.default_rng().uniform(0.9, 1)


class RoundsConfig(QuarticConfig):
    type: Literal["rounds"] = "rounds"


@final
class Rounds(Quartic[RoundsConfig]):
    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        penalty = super().penalize(value, grad, scratch)
        return float(round(penalty)) if value.dtype == np.float32 else penalty


class IgnoresScratchConfig(QuarticConfig):
    """Works in memory of its own at every step."""

    type: Literal["ignores_scratch"] = "ignores_scratch"


@final
class IgnoresScratch(Quartic[IgnoresScratchConfig]):
    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        return super().penalize(value.copy(), grad, scratch)


class AddsToScratchConfig(QuarticConfig):
    """Takes scratch memory for zeros."""

    type: Literal["adds_to_scratch"] = "adds_to_scratch"


@final
class AddsToScratch(Quartic[AddsToScratchConfig]):
    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        np.add(grad, scratch, out=grad)
        return super().penalize(value, grad, scratch)


@pytest.mark.right_component
@pytest.mark.parametrize("config", [RightConfig(), WholeNormConfig()])
def test_a_right_regularizer_passes(config: RegularizerConfig) -> None:
    check_regularizer(config)


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check"),
    [
        (AssignsConfig(), "adds_to_gradient"),
        (DecaysConfig(), "parameters_untouched"),
        (WrongFactorConfig(), "gradient"),
        (RewardsConfig(), "penalty_is_finite"),
        (DividesByZeroConfig(), "penalty_is_finite"),
        (FirstHalfOnlyConfig(), "elementwise_as_stated"),
        (FirstCallOnlyConfig(), "elementwise_as_stated"),
        (NormConfig(), "elementwise_as_stated"),
        (DrawsConfig(), "penalty_is_repeatable"),
        (RoundsConfig(), "float32_agrees_with_float64"),
        (AddsToScratchConfig(), "scratch_carries_nothing"),
        (IgnoresScratchConfig(), "steady_step_allocates_nothing"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, RegularizerConfig) else "",
)
def test_a_wrong_regularizer_is_caught_by_name(config: RegularizerConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: regularizer '{config.type_name()}'"):
        check_regularizer(config)
