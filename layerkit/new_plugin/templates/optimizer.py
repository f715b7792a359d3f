"""Gradient descent with momentum."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Ge, Lt

from layerkit.plugin import Optimizer, OptimizerConfig, Span


class PlaceholderConfig(OptimizerConfig):
    """Descent with momentum: ``v = momentum * v + g``, ``w -= learning_rate * v``.

    Attributes
    ----------
    momentum
        From 0 to below 1.
    """

    type: Literal["placeholder"] = "placeholder"
    momentum: Annotated[float, Ge(0), Lt(1)] = 0.9

    def slots(self) -> tuple[str, ...]:
        """Return the names of the vectors that are kept: ``velocity``."""
        return ("velocity",)


@final
class Placeholder(Optimizer[PlaceholderConfig]):
    """See `PlaceholderConfig`."""

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Change the velocity, and the parameters by it."""
        (velocity,) = span.slots
        np.multiply(velocity, self.config.momentum, out=velocity)
        np.add(velocity, span.grad, out=velocity)
        np.multiply(velocity, learning_rate, out=span.scratch)
        np.subtract(span.value, span.scratch, out=span.value)
