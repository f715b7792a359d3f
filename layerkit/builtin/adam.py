"""Adam."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge, Gt, Lt

from layerkit.plugin import (
    AnySchedule,
    Array,
    Kernel,
    Optimizer,
    OptimizerConfig,
    OptimizerContext,
    Span,
)


class AdamConfig(OptimizerConfig):
    """Steps of about the learning rate for every parameter, however large its gradient.

    ``w -= learning_rate * m / (sqrt(v) + epsilon)``, where ``m`` and ``v`` are running means of
    the gradient and of its square: at step ``t``, ``m`` is the sum of ``beta1^(t - s) * g`` over
    all steps ``s`` so far, divided by the sum of the ``beta1^(t - s)``, and ``v`` likewise with
    ``beta2`` and ``g²``. That is the paper's moving average with its bias corrected. Where
    ``beta1`` follows a schedule, both the average and its correction have that of the step.

    The same as PyTorch's ``Adam``. Keras' adds epsilon, 1e-7, before the bias is corrected.

    Attributes
    ----------
    learning_rate
        Above 0, by default 0.001.
    beta1, beta2
        From 0 to below 1: the nearer to 1, the longer a gradient counts.
    epsilon
        Above 0: keeps steps small where gradients are tiny.
    beta1_schedule
        How ``beta1``, the momentum, changes over the run: a schedule whose factors multiply it. It
        must stay below 1. Constant by default.

    References
    ----------
    Kingma, Ba (2015), Adam: a method for stochastic optimization, algorithm 1.
    """

    adaptive: ClassVar[bool] = True

    type: Literal["adam"] = "adam"
    learning_rate: Annotated[float, Gt(0)] = 1e-3
    beta1: Annotated[float, Ge(0), Lt(1)] = 0.9
    beta2: Annotated[float, Ge(0), Lt(1)] = 0.999
    epsilon: Annotated[float, Gt(0)] = 1e-8
    beta1_schedule: AnySchedule | None = None

    def slots(self) -> tuple[str, ...]:
        """Return the two sums; dividing them by the sums of the powers makes the means."""
        return ("gradient_sum", "square_sum")


def adam(
    value: Array,
    grad: Array,
    gradient_sum: Array,
    square_sum: Array,
    learning_rate: float,
    beta1: float,
    beta2: float,
    epsilon: float,
    step: int,
) -> None:
    """Update ``value`` and both sums, ``(n,)`` each; overwrites ``grad``.

    Parameters
    ----------
    value, grad
        Parameters and their gradient.
    gradient_sum, square_sum
        Sums over the steps so far, in which older gradients count less and less.
    learning_rate, beta1, beta2, epsilon
        As those of `AdamConfig`.
    step
        The step's number from 1.
    """
    np.multiply(gradient_sum, beta1, out=gradient_sum)
    np.add(gradient_sum, grad, out=gradient_sum)
    np.multiply(grad, grad, out=grad)
    np.multiply(square_sum, beta2, out=square_sum)
    np.add(square_sum, grad, out=square_sum)
    # Dividing epsilon and the rate, two numbers, spares dividing the sums, two vectors.
    root = math.sqrt(_sum_of_powers(beta2, step))
    change = grad  # the gradient is not needed any more, and its memory is in cache
    np.sqrt(square_sum, out=change)
    np.add(change, epsilon * root, out=change)
    np.divide(gradient_sum, change, out=change)
    np.multiply(change, learning_rate * root / _sum_of_powers(beta1, step), out=change)
    np.subtract(value, change, out=value)


def _sum_of_powers(beta: float, terms: int) -> float:
    """Return ``1 + beta + ... + beta^(terms - 1)``."""
    return (1 - beta**terms) / (1 - beta)


ADAM = Kernel("adam", adam)


@final
class Adam(Optimizer[AdamConfig]):
    """See `AdamConfig`."""

    def __init__(self, config: AdamConfig, context: OptimizerContext) -> None:
        super().__init__(config, context)
        self._beta1 = self.scheduled("beta1", config.beta1, config.beta1_schedule, below=1)
        self._adam = context.kernels.choose(ADAM)

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Step along the mean gradient, divided by the root of the mean square."""
        config = self.config
        gradient_sum, square_sum = span.slots
        beta1 = self._beta1(step)
        if config.beta1_schedule is not None and step > 1:
            # The sum is the mean divided by 1 - beta1, which is another than at the step before.
            np.multiply(gradient_sum, (1 - self._beta1(step - 1)) / (1 - beta1), out=gradient_sum)
        self._adam(
            span.value,
            span.grad,
            gradient_sum,
            square_sum,
            learning_rate,
            beta1,
            config.beta2,
            config.epsilon,
            step,
        )
