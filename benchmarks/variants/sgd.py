"""SGD with momentum, not worked block by block."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, final

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts import Optimizer, OptimizerConfig, Parameter


class WholeVectorConfig(OptimizerConfig):
    """In place, over the whole vector at a time."""

    type: Literal["whole_vector"] = "whole_vector"
    momentum: float

    def slots(self) -> tuple[str, ...]:
        """``velocity``."""
        return ("velocity",)


@final
class WholeVector(Optimizer[WholeVectorConfig]):
    """See `WholeVectorConfig`."""

    def __init__(
        self, config: WholeVectorConfig, parameter: Parameter, slots: Mapping[str, Array]
    ) -> None:
        super().__init__(config, parameter, slots)
        self._scratch = np.zeros_like(parameter.value)

    def step(self, learning_rate: float, count: int) -> None:
        """Step against the velocity."""
        del count
        velocity, value = self.slots["velocity"], self.parameter.value
        np.multiply(velocity, self.config.momentum, out=velocity)
        np.add(velocity, self.parameter.grad, out=velocity)
        np.multiply(velocity, learning_rate, out=self._scratch)
        np.subtract(value, self._scratch, out=value)


class AllocatingConfig(OptimizerConfig):
    """As one would write it down, with new arrays for what lies between."""

    type: Literal["allocating"] = "allocating"
    momentum: float

    def slots(self) -> tuple[str, ...]:
        """``velocity``."""
        return ("velocity",)


@final
class Allocating(Optimizer[AllocatingConfig]):
    """See `AllocatingConfig`."""

    def step(self, learning_rate: float, count: int) -> None:
        """Step against the velocity."""
        del count
        velocity = self.slots["velocity"]
        velocity[...] = self.config.momentum * velocity + self.parameter.grad
        self.parameter.value[...] = self.parameter.value - learning_rate * velocity
