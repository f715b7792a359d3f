from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeVar, final

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.contracts import ElementwiseRegularizer, Parameter, RegularizerConfig
from layerkit.contracts.blocks import BLOCK
from layerkit.testing import check_regularizer


class QuarticConfig(RegularizerConfig):
    """A right penalty, a quarter of the sum of fourth powers."""


QuarticT_co = TypeVar("QuarticT_co", bound=QuarticConfig, covariant=True)


class Quartic(ElementwiseRegularizer[QuarticT_co]):
    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        np.power(value, 3, out=scratch)
        np.add(grad, scratch, out=grad)
        return 0.25 * float(np.dot(scratch, value))


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


class FirstBlockOnlyConfig(QuarticConfig):
    type: Literal["first_block_only"] = "first_block_only"


@final
class FirstBlockOnly(Quartic[FirstBlockOnlyConfig]):
    def __init__(self, config: FirstBlockOnlyConfig, parameters: Sequence[Parameter]) -> None:
        first = [_flat_to(BLOCK, parameter) for parameter in parameters]
        super().__init__(config, first)


class SkipsTheFirstParameterConfig(QuarticConfig):
    type: Literal["skips_the_first_parameter"] = "skips_the_first_parameter"


@final
class SkipsTheFirstParameter(Quartic[SkipsTheFirstParameterConfig]):
    def __init__(
        self, config: SkipsTheFirstParameterConfig, parameters: Sequence[Parameter]
    ) -> None:
        super().__init__(config, parameters[1:] or parameters)


class SharesScratchConfig(QuarticConfig):
    type: Literal["shares_scratch"] = "shares_scratch"


@final
class SharesScratch(Quartic[SharesScratchConfig]):
    def apply(self) -> float:
        penalty = super().apply()
        for grad, scratch in ((block.grad, block.scratch) for block in self._blocks):
            if grad.size < BLOCK <= self.parameters[-1].value.size:
                np.add(grad, scratch, out=grad)
        return penalty


class FirstParameterOnlyConfig(QuarticConfig):
    type: Literal["first_parameter_only"] = "first_parameter_only"


@final
class FirstParameterOnly(Quartic[FirstParameterOnlyConfig]):
    def apply(self) -> float:
        penalty = super().apply()
        for parameter in self.parameters[1:]:
            np.subtract(parameter.grad, parameter.value**3, out=parameter.grad)
        return penalty


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


class TwiceInApplyConfig(QuarticConfig):
    type: Literal["twice_in_apply"] = "twice_in_apply"


@final
class TwiceInApply(Quartic[TwiceInApplyConfig]):
    def apply(self) -> float:
        return super().apply() + super().apply()


def _flat_to(end: int, parameter: Parameter) -> Parameter:
    return Parameter(parameter.value.reshape(-1)[:end], parameter.grad.reshape(-1)[:end])


def test_a_right_regularizer_passes() -> None:
    check_regularizer(RightConfig())


@pytest.mark.parametrize(
    ("config", "check"),
    [
        (AssignsConfig(), "adds_to_gradient"),
        (DecaysConfig(), "parameters_untouched"),
        (WrongFactorConfig(), "gradient"),
        (FirstParameterOnlyConfig(), "gradient"),
        (RewardsConfig(), "penalty_is_finite"),
        (DividesByZeroConfig(), "penalty_is_finite"),
        (FirstBlockOnlyConfig(), "penalizes_every_element"),
        (SkipsTheFirstParameterConfig(), "penalizes_every_element"),
        (SharesScratchConfig(), "several_blocks"),
        (TwiceInApplyConfig(), "apply_is_its_penalties"),
        (DrawsConfig(), "penalty_is_repeatable"),
        (RoundsConfig(), "float32_agrees_with_float64"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, RegularizerConfig) else "",
)
def test_a_wrong_regularizer_is_caught_by_name(config: RegularizerConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: regularizer '{config.type_name()}'"):
        check_regularizer(config)
