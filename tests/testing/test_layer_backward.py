from __future__ import annotations

from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.contracts.layer import LayerConfig
from layerkit.testing.layer import check_layer

from .right_layers import Square, SquareConfig


class RightConfig(SquareConfig):
    type: Literal["right"] = "right"


@final
class Right(Square[RightConfig]):
    pass


class ForgetsBiasConfig(SquareConfig):
    type: Literal["forgets_bias"] = "forgets_bias"


@final
class ForgetsBias(Square[ForgetsBiasConfig]):
    def backward(self, dy: Array) -> Array | None:
        before = self.bias.grad.copy()
        dx = super().backward(dy)
        self.bias.grad[...] = before
        return dx


class AddsToGradientConfig(SquareConfig):
    type: Literal["adds_to_gradient"] = "adds_to_gradient"


@final
class AddsToGradient(Square[AddsToGradientConfig]):
    def backward(self, dy: Array) -> Array | None:
        before = self.weight.grad.copy()
        dx = super().backward(dy)
        np.add(self.weight.grad, before, out=self.weight.grad)
        return dx


class AddsToInputGradientConfig(SquareConfig):
    type: Literal["adds_to_input_gradient"] = "adds_to_input_gradient"


@final
class AddsToInputGradient(Square[AddsToInputGradientConfig]):
    def backward(self, dy: Array) -> Array | None:
        if self.context.input_grad is None:
            return super().backward(dy)
        before = self.context.input_grad[: len(dy)].copy()
        dx = super().backward(dy)
        return None if dx is None else np.add(dx, before, out=dx)


class AlwaysReturnsGradientConfig(SquareConfig):
    type: Literal["always_returns_gradient"] = "always_returns_gradient"


@final
class AlwaysReturnsGradient(Square[AlwaysReturnsGradientConfig]):
    def backward(self, dy: Array) -> Array | None:
        dx = super().backward(dy)
        return np.matmul(dy, self.weight.value.T) if dx is None else dx


class NeverReturnsGradientConfig(SquareConfig):
    type: Literal["never_returns_gradient"] = "never_returns_gradient"


@final
class NeverReturnsGradient(Square[NeverReturnsGradientConfig]):
    def backward(self, dy: Array) -> Array | None:
        super().backward(dy)
        return None


class StopsWithoutInputGradientConfig(SquareConfig):
    type: Literal["stops_without_input_gradient"] = "stops_without_input_gradient"


@final
class StopsWithoutInputGradient(Square[StopsWithoutInputGradientConfig]):
    def backward(self, dy: Array) -> Array | None:
        return None if self.context.input_grad is None else super().backward(dy)


class FlattensConfig(SquareConfig):
    type: Literal["flattens"] = "flattens"


@final
class Flattens(Square[FlattensConfig]):
    def backward(self, dy: Array) -> Array | None:
        dx = super().backward(dy)
        return None if dx is None else dx.reshape(-1)


class DrawsGloballyConfig(SquareConfig):
    type: Literal["draws_globally"] = "draws_globally"


@final
class DrawsGlobally(Square[DrawsGloballyConfig]):
    def backward(self, dy: Array) -> Array | None:
        np.random.rand()  # noqa: NPY002 - the fault to be found
        return super().backward(dy)


@pytest.mark.right_component(RightConfig())
def test_a_right_layer_passes() -> None:
    check_layer(RightConfig(), input_shape=(4,))


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check"),
    [
        (ForgetsBiasConfig(), "gradients_assigned"),
        (AddsToGradientConfig(), "gradients_assigned"),
        (AddsToInputGradientConfig(), "gradients_assigned"),
        (AlwaysReturnsGradientConfig(), "input_gradient_optional"),
        (StopsWithoutInputGradientConfig(), "input_gradient_optional"),
        (NeverReturnsGradientConfig(), "input_gradient_shape"),
        (FlattensConfig(), "input_gradient_shape"),
        (DrawsGloballyConfig(), "training_is_repeatable"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, LayerConfig) else None,
)
def test_a_wrong_backward_pass_is_caught_by_name(config: LayerConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: layer '{config.type_name()}'"):
        check_layer(config, input_shape=(4,))
