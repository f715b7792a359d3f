"""Stochastic gradient descent."""

from __future__ import annotations

from typing import Annotated, Literal, Self, final

import numpy as np
from annotated_types import Ge, Lt
from pydantic import model_validator

from layerkit.plugin import Optimizer, OptimizerConfig, Span, problem


class SgdConfig(OptimizerConfig):
    """Gradient descent, with classical or Nesterov momentum.

    ``v = momentum * v + g``; then ``w -= learning_rate * v``, or with Nesterov's
    ``w -= learning_rate * (g + momentum * v)``. Without momentum ``w -= learning_rate * g``.

    Attributes
    ----------
    momentum
        From 0 to below 1.
    nesterov
        Whether to look ahead; needs momentum.

    References
    ----------
    Polyak (1964), Some methods of speeding up the convergence of iteration methods.
    Sutskever, Martens, Dahl, Hinton (2013), On the importance of initialization and momentum in
    deep learning.
    """

    type: Literal["sgd"] = "sgd"
    momentum: Annotated[float, Ge(0), Lt(1)] = 0.0
    nesterov: bool = False

    @model_validator(mode="after")
    def _nesterov_needs_momentum(self) -> Self:
        if self.nesterov and self.momentum == 0:
            raise problem(
                "wrong-value",
                "nesterov = true expects a momentum above 0",
                "set momentum, such as 0.9, or leave nesterov out",
            )
        return self

    def slots(self) -> tuple[str, ...]:
        """``velocity``, if there is momentum."""
        return ("velocity",) if self.momentum > 0 else ()


@final
class Sgd(Optimizer[SgdConfig]):
    """See `SgdConfig`."""

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Step against the gradient, or the velocity."""
        direction = span.grad
        if span.slots:
            (velocity,) = span.slots
            np.multiply(velocity, self.config.momentum, out=velocity)
            np.add(velocity, span.grad, out=velocity)
            direction = velocity
            if self.config.nesterov:
                np.multiply(velocity, self.config.momentum, out=span.scratch)
                np.add(span.grad, span.scratch, out=span.grad)
                direction = span.grad
        np.multiply(direction, learning_rate, out=span.scratch)
        np.subtract(span.value, span.scratch, out=span.value)
