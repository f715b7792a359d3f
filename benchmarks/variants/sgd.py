"""SGD with momentum, as one would write it down."""

from __future__ import annotations

from typing import ClassVar, Literal, final

from layerkit.plugin import Optimizer, OptimizerConfig, Span


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

    scope: ClassVar[Literal["elements", "parameter", "network"]] = "network"

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Step against the velocity."""
        (velocity,) = span.slots
        velocity[...] = self.config.momentum * velocity + span.grad
        span.value[...] = span.value - learning_rate * velocity
