"""RMSProp."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge, Gt, Lt

from layerkit.plugin import AnySchedule, Optimizer, OptimizerConfig, OptimizerContext, Span


class RMSPropConfig(OptimizerConfig):
    """Steps divided by a running root mean square of each parameter's gradient.

    ``v = rho * v + (1 - rho) * g²``; then ``w -= learning_rate * g / (sqrt(v) + epsilon)``. With
    ``centered``, ``v - m²`` stands for ``v``, where ``m = rho * m + (1 - rho) * g``: the
    variance of the gradient. With momentum ``b = momentum * b + g / (sqrt(v) + epsilon)`` and
    ``w -= learning_rate * b``.

    The same as PyTorch's ``RMSprop``, whose ``alpha`` is ``rho``. Keras' adds epsilon to ``v``,
    inside the root, by default has a ``rho`` of 0.9, and has the learning rate within ``b``.

    Attributes
    ----------
    learning_rate
        Above 0, by default 0.01.
    rho
        From 0 to below 1: the nearer to 1, the longer a gradient counts.
    momentum
        From 0 to below 1.
    centered
        Whether to divide by the standard deviation.
    epsilon
        Above 0: keeps steps small where gradients are tiny.
    momentum_schedule
        How the momentum changes over the run, from ``momentum`` on; constant by default. It must
        stay below 1.

    References
    ----------
    Tieleman, Hinton (2012), Lecture 6.5: RMSProp, Coursera: Neural networks for machine learning.
    Graves (2013), Generating sequences with recurrent neural networks, equations 38 to 45, for
    ``centered``.
    """

    adaptive: ClassVar[bool] = True

    type: Literal["rmsprop"] = "rmsprop"
    learning_rate: Annotated[float, Gt(0)] = 0.01
    rho: Annotated[float, Ge(0), Lt(1)] = 0.99
    momentum: Annotated[float, Ge(0), Lt(1)] = 0.0
    centered: bool = False
    epsilon: Annotated[float, Gt(0)] = 1e-8
    momentum_schedule: AnySchedule | None = None

    def slots(self) -> tuple[str, ...]:
        """Return the mean square; the mean if centred; the velocity if there is momentum."""
        mean = ("gradient_mean",) if self.centered else ()
        velocity = ("velocity",) if self.momentum > 0 else ()
        return ("square_mean", *mean, *velocity)


@final
class RMSProp(Optimizer[RMSPropConfig]):
    """See `RMSPropConfig`."""

    def __init__(self, config: RMSPropConfig, context: OptimizerContext) -> None:
        super().__init__(config, context)
        self._momentum = self.scheduled(
            "momentum", config.momentum, config.momentum_schedule, below=1
        )

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Step along the gradient, or the velocity, divided by the root of the mean square."""
        config, grad, scratch = self.config, span.grad, span.scratch
        square_mean = span.slots[0]
        np.multiply(grad, grad, out=scratch)
        np.multiply(scratch, 1 - config.rho, out=scratch)
        np.multiply(square_mean, config.rho, out=square_mean)
        np.add(square_mean, scratch, out=square_mean)
        if config.centered:
            mean = span.slots[1]
            np.multiply(grad, 1 - config.rho, out=scratch)
            np.multiply(mean, config.rho, out=mean)
            np.add(mean, scratch, out=mean)
            np.multiply(mean, mean, out=scratch)
            np.subtract(square_mean, scratch, out=scratch)
            np.maximum(scratch, 0, out=scratch)  # rounded, it may be just below
            np.sqrt(scratch, out=scratch)
        else:
            np.sqrt(square_mean, out=scratch)
        np.add(scratch, config.epsilon, out=scratch)
        np.divide(grad, scratch, out=grad)
        if config.momentum > 0:
            velocity = span.slots[-1]
            np.multiply(velocity, self._momentum(step), out=velocity)
            np.add(velocity, grad, out=velocity)
            np.multiply(velocity, learning_rate, out=grad)
        else:
            np.multiply(grad, learning_rate, out=grad)
        np.subtract(span.value, grad, out=span.value)
