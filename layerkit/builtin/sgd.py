"""Stochastic gradient descent."""

from __future__ import annotations

from typing import Annotated, Literal, Self, final

import numpy as np
from annotated_types import Ge, Le, Lt
from pydantic import model_validator

from layerkit.plugin import (
    AnySchedule,
    Array,
    Kernel,
    Optimizer,
    OptimizerConfig,
    OptimizerContext,
    Span,
    problem,
)


class SgdConfig(OptimizerConfig):
    """Gradient descent, with classical or Nesterov momentum.

    ``v = momentum * v + g``; then ``w -= learning_rate * v``, or with Nesterov's
    ``w -= learning_rate * (g + momentum * v)``. Without momentum ``w -= learning_rate * g``. With
    dampening ``v = momentum * v + (1 - dampening) * g`` from the second step on; at the first one
    ``v = g``.

    The same as PyTorch's ``SGD``. Keras has the learning rate within ``v``, which is another path
    where the rate changes.

    Attributes
    ----------
    momentum
        From 0 to below 1.
    nesterov
        Whether to look ahead; needs momentum.
    dampening
        From 0 to 1; needs momentum, and not Nesterov's.
    momentum_schedule
        How the momentum changes over the run, from ``momentum`` on; constant by default. It must
        stay below 1.

    References
    ----------
    Polyak (1964), Some methods of speeding up the convergence of iteration methods.
    Sutskever, Martens, Dahl, Hinton (2013), On the importance of initialization and momentum in
    deep learning.
    """

    type: Literal["sgd"] = "sgd"
    momentum: Annotated[float, Ge(0), Lt(1)] = 0.0
    nesterov: bool = False
    dampening: Annotated[float, Ge(0), Le(1)] = 0.0
    momentum_schedule: AnySchedule | None = None

    @model_validator(mode="after")
    def _options_need_momentum(self) -> Self:
        given = {
            "nesterov = true": self.nesterov,
            f"dampening = {self.dampening:g}": self.dampening,
        }
        for option, value in given.items():
            if value and self.momentum == 0:
                raise problem(
                    "wrong-value",
                    f"{option} expects a momentum above 0",
                    f"set momentum, such as 0.9, or leave {option.partition(' ')[0]} out",
                )
        if self.nesterov and self.dampening:
            raise problem(
                "wrong-value",
                f"nesterov = true expects a dampening of 0, found {self.dampening:g}",
                "leave one of them out",
            )
        return self

    def slots(self) -> tuple[str, ...]:
        """``velocity``, if there is momentum."""
        return ("velocity",) if self.momentum > 0 else ()


def sgd(value: Array, grad: Array, scratch: Array, learning_rate: float) -> None:
    """Step against the gradient; all arrays ``(n,)``."""
    np.multiply(grad, learning_rate, out=scratch)
    np.subtract(value, scratch, out=value)


def sgd_momentum(
    value: Array,
    grad: Array,
    velocity: Array,
    scratch: Array,
    learning_rate: float,
    momentum: float,
) -> None:
    """Update the velocity and step against it; all arrays ``(n,)``."""
    np.multiply(velocity, momentum, out=velocity)
    np.add(velocity, grad, out=velocity)
    sgd(value, velocity, scratch, learning_rate)


def sgd_nesterov(
    value: Array,
    grad: Array,
    velocity: Array,
    scratch: Array,
    learning_rate: float,
    momentum: float,
) -> None:
    """Update the velocity and step against where it leads; overwrites ``grad``."""
    np.multiply(velocity, momentum, out=velocity)
    np.add(velocity, grad, out=velocity)
    np.multiply(velocity, momentum, out=scratch)
    np.add(grad, scratch, out=grad)
    sgd(value, grad, scratch, learning_rate)


SGD = Kernel("sgd", sgd)
SGD_MOMENTUM = Kernel("sgd_momentum", sgd_momentum)
SGD_NESTEROV = Kernel("sgd_nesterov", sgd_nesterov)


@final
class Sgd(Optimizer[SgdConfig]):
    """See `SgdConfig`."""

    def __init__(self, config: SgdConfig, context: OptimizerContext) -> None:
        super().__init__(config, context)
        if config.slots():
            kernel = SGD_NESTEROV if config.nesterov else SGD_MOMENTUM
            self._with_velocity = context.kernels.choose(kernel)
        else:
            self._without = context.kernels.choose(SGD)
        self._momentum = self.scheduled(
            "momentum", config.momentum, config.momentum_schedule, below=1
        )

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Step against the gradient, or the velocity."""
        if not span.slots:
            self._without(span.value, span.grad, span.scratch, learning_rate)
            return
        (velocity,) = span.slots
        if self.config.dampening > 0 and step > 1:
            np.multiply(span.grad, 1 - self.config.dampening, out=span.grad)
        self._with_velocity(
            span.value, span.grad, velocity, span.scratch, learning_rate, self._momentum(step)
        )
