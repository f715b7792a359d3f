"""An optimizer with memory of its own, for checks to step with."""

from __future__ import annotations

from dataclasses import dataclass

from layerkit.arrays import Array, FloatType
from layerkit.contracts.optimizer import Optimizer, OptimizerConfig, Span
from layerkit.randomness import generator
from layerkit.testing.build import build_optimizer
from layerkit.testing.sampling import FLOAT64, draw_apart

SIZE = 37
"""Parameters to step with, by default."""


@dataclass(frozen=True, slots=True)
class BuiltOptimizer:
    """An optimizer, and the memory that it works in."""

    optimizer: Optimizer[OptimizerConfig]
    span: Span

    def run(self, gradients: Array) -> None:
        """Take a step with each gradient."""
        for step, gradient in enumerate(gradients, start=1):
            self.span.grad[...] = gradient
            self.optimizer.update(self.span, self.optimizer.config.learning_rate, step)


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

    def build(self, start: Array, dtype: FloatType = FLOAT64) -> BuiltOptimizer:
        """Return a new optimizer with a copy of some parameters and fresh state."""
        optimizer, span = build_optimizer(self.config, start.astype(dtype))
        return BuiltOptimizer(optimizer, span)
