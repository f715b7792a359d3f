"""An optimizer with memory of its own, for checks to step with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layerkit.arrays import Array, FloatType
from layerkit.contracts.layer_context import Parameter
from layerkit.contracts.optimizer import Optimizer, OptimizerConfig, Span
from layerkit.randomness import generator
from layerkit.testing.build import build_optimizer
from layerkit.testing.sampling import FLOAT64, draw_apart

SIZE = 37
"""Parameters to step with, by default."""


class Bowl:
    """``slope @ w + sum(curvature * w²) / 2``, the loss whose gradient an optimizer is given.

    Attributes
    ----------
    parameter
        Where it reads ``w`` and writes the gradient.
    slope, curvature
        One for each parameter.
    """

    def __init__(self, size: int) -> None:
        self.parameter: Parameter = Parameter(np.zeros(size), np.zeros(size))
        self.slope: Array = np.zeros(size)
        self.curvature: Array = np.zeros(size)

    def __call__(self) -> float:
        """Write the gradient; return the loss."""
        value = self.parameter.value.astype(np.float64)
        self.parameter.grad[...] = self.slope + self.curvature * value
        return float(self.slope @ value + self.curvature @ (value * value) / 2)


@dataclass(frozen=True, slots=True)
class BuiltOptimizer:
    """An optimizer, the memory that it works in, and the loss that it makes smaller."""

    optimizer: Optimizer[OptimizerConfig]
    span: Span
    bowl: Bowl

    def run(self, gradients: Array, *, first: int = 1, curvature: float | None = None) -> None:
        """Take a step with each gradient.

        Parameters
        ----------
        gradients
            What the gradient is where the parameters are 0.
        first
            The number of the first step.
        curvature
            How much the gradient grows with the parameters. By default not at all, but for an
            optimizer of the whole network 1, as it looks for where the loss is lowest.
        """
        if curvature is None:
            curvature = 1.0 if self.optimizer.scope == "network" else 0.0
        self.bowl.curvature.fill(curvature)
        for step, gradient in enumerate(gradients, start=first):
            self.bowl.slope = gradient
            self.step(step)

    def step(self, number: int) -> None:
        """Take one step."""
        self.bowl()
        self.optimizer.update(self.span, self.optimizer.config.learning_rate, number)

    def span_of(self, extent: slice) -> Span:
        """Return the span of some of the parameters, as the engine cuts them."""
        span = self.span
        slots = tuple(slot[extent] for slot in span.slots)
        return Span(
            span.value[extent], span.grad[extent], slots, span.scratch[extent].copy(), span.decay
        )


@dataclass(frozen=True, slots=True)
class OptimizerCase:
    """What `check_optimizer` was asked to check."""

    config: OptimizerConfig
    seed: int

    def start(self, size: int = SIZE) -> Array:
        """Return parameters to start from, the same every time."""
        return draw_apart(generator(self.seed, "parameters"), (size,))

    def gradients(self, size: int = SIZE, steps: int = 3) -> Array:
        """Return a gradient for each of a few steps."""
        return draw_apart(generator(self.seed, "gradients"), (steps, size))

    def build(
        self, start: Array, dtype: FloatType = FLOAT64, *, decay: float = 1.0
    ) -> BuiltOptimizer:
        """Return a new optimizer with a copy of some parameters and fresh state."""
        bowl = Bowl(start.size)
        optimizer, span = build_optimizer(
            self.config, start.astype(dtype), objective=bowl, decay=decay
        )
        bowl.parameter = optimizer.context.parameter
        return BuiltOptimizer(optimizer, span, bowl)
