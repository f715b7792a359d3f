"""SGD with momentum, as one would write it down."""

from __future__ import annotations

from typing import Literal, final

from layerkit.contracts import Optimizer, OptimizerConfig


class AllocatingConfig(OptimizerConfig):
    """Over the whole vector, with new arrays for what lies between."""

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
