"""Optimizers that the kit must accept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeVar, final

import numpy as np

from layerkit.contracts.optimizer import Optimizer, OptimizerConfig, OptimizerContext, Span
from layerkit.state import State


class HeavyConfig(OptimizerConfig):
    """A right optimizer, gradient descent with a velocity."""

    learning_rate: float = 0.1

    def slots(self) -> tuple[str, ...]:
        return ("velocity",)


HeavyT_co = TypeVar("HeavyT_co", bound=HeavyConfig, covariant=True)


class Heavy(Optimizer[HeavyT_co]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        (velocity,) = span.slots
        np.multiply(velocity, 0.5, out=velocity)
        np.add(velocity, span.grad, out=velocity)
        np.multiply(velocity, learning_rate, out=span.scratch)
        np.subtract(span.value, span.scratch, out=span.value)


class RightConfig(HeavyConfig):
    type: Literal["right"] = "right"


@final
class Right(Heavy[RightConfig]):
    pass


class DecaysWeightsConfig(HeavyConfig):
    """A right optimizer with weight decay."""

    uses_decay: ClassVar[bool] = True

    type: Literal["decays_weights"] = "decays_weights"


@final
class DecaysWeights(Heavy[DecaysWeightsConfig]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        np.multiply(span.value, 1 - 0.1 * learning_rate * span.decay, out=span.value)
        super().update(span, learning_rate, step)


class WholeParameterConfig(HeavyConfig):
    """A right optimizer of whole parameters."""

    type: Literal["whole_parameter"] = "whole_parameter"


@final
class WholeParameter(Heavy[WholeParameterConfig]):
    scope = "parameter"

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        size = 1 + max(span.grad.max(), -span.grad.min())
        np.divide(span.grad, size, out=span.grad)
        super().update(span, learning_rate, step)


class HalvesUntilLowerConfig(OptimizerConfig):
    """A right optimizer of the whole network, with state and a line search."""

    type: Literal["halves_until_lower"] = "halves_until_lower"
    learning_rate: float = 1.0


@dataclass
class Length(State):
    length: float = 4.0


@final
class HalvesUntilLower(Optimizer[HalvesUntilLowerConfig]):
    scope = "network"

    def __init__(self, config: HalvesUntilLowerConfig, context: OptimizerContext) -> None:
        super().__init__(config, context)
        self.length = Length()
        self.start, self.grad = np.zeros((2, context.parameter.value.size))

    def state(self) -> State:
        return self.length

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        np.copyto(self.start, span.value)
        np.copyto(self.grad, span.grad)
        before = self.context.objective()
        if not learning_rate:
            return
        for _ in range(20):
            np.multiply(self.grad, -learning_rate * self.length.length, out=span.scratch)
            np.add(self.start, span.scratch, out=span.value, casting="same_kind")
            if self.context.objective() < before:
                return
            self.length.length /= 2
        np.copyto(span.value, self.start, casting="same_kind")
