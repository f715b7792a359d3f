"""An optimizer that needs the whole gradient at once."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Optimizer, OptimizerConfig, Span


class NormalizedDescentConfig(OptimizerConfig):
    """``w -= learning_rate * g / |g|``: every step has the same length."""

    type: Literal["normalized_descent"] = "normalized_descent"


@final
class NormalizedDescent(Optimizer[NormalizedDescentConfig]):
    """See `NormalizedDescentConfig`."""

    scope = "network"

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Step along the gradient, by the learning rate."""
        norm = float(np.sqrt(np.dot(span.grad, span.grad)))
        if norm > 0:
            np.multiply(span.grad, learning_rate / norm, out=span.scratch)
            np.subtract(span.value, span.scratch, out=span.value)
