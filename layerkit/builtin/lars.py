"""LARS, gradient descent at a rate that suits each parameter."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge, Gt, Lt

from layerkit.plugin import (
    AnySchedule,
    Array,
    Optimizer,
    OptimizerConfig,
    OptimizerContext,
    Scope,
    Span,
)


class LARSConfig(OptimizerConfig):
    """Momentum with steps in proportion to the norm of each parameter, for large batches.

    ``ratio = trust * |w| / (|g| + weight_decay * |w|)``, with the norms of a whole parameter; then
    ``v = momentum * v + learning_rate * ratio * (g + weight_decay * w)`` and ``w -= v``. The ratio
    is 1 where ``w`` or the sum below is 0, so that biases leave 0. The decay is multiplied by each
    parameter's factor: 1 for weights, 0 for biases and for scales and shifts of normalization; see
    ``groups``.

    The learning rate is within the velocity, as in the paper; PyTorch's SGD has it outside.

    Attributes
    ----------
    trust
        Above 0: the share of its norm that a parameter moves at a learning rate of 1.
    momentum
        From 0 to below 1.
    weight_decay
        From 0.
    momentum_schedule
        How the momentum changes over the run, from ``momentum`` on; constant by default. It must
        stay below 1.

    References
    ----------
    You, Gitman, Ginsburg (2017), Large batch training of convolutional networks, algorithm 1.
    """

    uses_decay: ClassVar[bool] = True
    usual_rate: ClassVar[float] = 100.0  # the paper has up to 32, times `trust`

    type: Literal["lars"] = "lars"
    trust: Annotated[float, Gt(0)] = 1e-3
    momentum: Annotated[float, Ge(0), Lt(1)] = 0.9
    weight_decay: Annotated[float, Ge(0)] = 0.0
    momentum_schedule: AnySchedule | None = None

    def slots(self) -> tuple[str, ...]:
        """Return the velocity."""
        return ("velocity",)


@final
class LARS(Optimizer[LARSConfig]):
    """See `LARSConfig`."""

    scope: ClassVar[Scope] = "parameter"

    def __init__(self, config: LARSConfig, context: OptimizerContext) -> None:
        super().__init__(config, context)
        self._momentum = self.scheduled(
            "momentum", config.momentum, config.momentum_schedule, below=1
        )

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Step along the velocity."""
        config = self.config
        (velocity,) = span.slots
        decay = config.weight_decay * span.decay
        norm = _norm(span.value)
        below = _norm(span.grad) + decay * norm
        ratio = config.trust * norm / below if norm > 0 and below > 0 else 1.0
        if decay > 0:
            np.multiply(span.value, decay, out=span.scratch)
            np.add(span.grad, span.scratch, out=span.grad)
        np.multiply(span.grad, learning_rate * ratio, out=span.grad)
        np.multiply(velocity, self._momentum(step), out=velocity)
        np.add(velocity, span.grad, out=velocity)
        np.subtract(span.value, velocity, out=span.value)


def _norm(flat: Array) -> float:
    return math.sqrt(float(np.dot(flat, flat)))
