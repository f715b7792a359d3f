"""An optimizer with memory of its own, for checks to step with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from layerkit.arrays import Array, FloatType
from layerkit.contracts import Optimizer, OptimizerConfig, Parameter
from layerkit.randomness import generator
from layerkit.testing.sampling import FLOAT64, draw_apart

SIZE = 37
"""Parameters in a vector that is shorter than a block."""


@dataclass(frozen=True, slots=True)
class Trial:
    """An optimizer, and the memory that it works in."""

    optimizer: Optimizer[OptimizerConfig]
    parameter: Parameter
    slots: Mapping[str, Array]

    def run(self, gradients: Array) -> None:
        """Take a step with each gradient."""
        for count, gradient in enumerate(gradients, start=1):
            self.parameter.grad[...] = gradient
            self.optimizer.step(self.optimizer.config.learning_rate, count)


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

    def trial(self, start: Array, dtype: FloatType = FLOAT64) -> Trial:
        """Return a new optimizer of a copy of some parameters, with fresh state."""
        parameter = Parameter(start.astype(dtype), np.zeros(start.shape, dtype))
        slots = {name: np.zeros(start.shape, dtype) for name in self.config.slots()}
        build = Optimizer[OptimizerConfig].class_for(self.config)
        return Trial(build(self.config, parameter, slots), parameter, slots)
