"""RAdam."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge, Gt, Lt

from layerkit.plugin import AnySchedule, Optimizer, OptimizerConfig, OptimizerContext, Span


class RAdamConfig(OptimizerConfig):
    """Adam whose first steps are those of momentum, as few squares say little of their mean.

    With the means ``m = beta1 * m + (1 - beta1) * g`` and ``v = beta2 * v + (1 - beta2) * g²``, let
    ``n = 2 / (1 - beta2) - 1`` and ``n(t) = n - 2 * t * beta2^t / (1 - beta2^t)`` at step ``t``.
    Where ``n(t) > 5``, ``w -= learning_rate * r * (m / (1 - beta1^t)) / sqrt_v`` with
    ``sqrt_v = (sqrt(v) + epsilon) / sqrt(1 - beta2^t)`` and
    ``r = sqrt((n(t) - 4) * (n(t) - 2) * n / ((n - 4) * (n - 2) * n(t)))``; before,
    ``w -= learning_rate * m / (1 - beta1^t)``.

    The same as PyTorch's ``RAdam``. The paper has ``n(t) > 4``, and no epsilon. Keras has none.

    Attributes
    ----------
    learning_rate
        Above 0, by default 0.001.
    beta1, beta2
        From 0 to below 1: the nearer to 1, the longer a gradient counts. With a ``beta2`` of up to
        2/3, all steps are those of momentum.
    epsilon
        Above 0: keeps steps small where gradients are tiny.
    beta1_schedule
        How ``beta1``, the momentum, changes over the run: a schedule whose factors multiply it. It
        must stay below 1. Constant by default.

    References
    ----------
    Liu, Jiang, He, Chen, Liu, Gao, Han (2020), On the variance of the adaptive learning rate and
    beyond, algorithm 2.
    """

    adaptive: ClassVar[bool] = True

    type: Literal["radam"] = "radam"
    learning_rate: Annotated[float, Gt(0)] = 1e-3
    beta1: Annotated[float, Ge(0), Lt(1)] = 0.9
    beta2: Annotated[float, Ge(0), Lt(1)] = 0.999
    epsilon: Annotated[float, Gt(0)] = 1e-8
    beta1_schedule: AnySchedule | None = None

    def slots(self) -> tuple[str, ...]:
        """Return the means of gradient and square."""
        return ("gradient_mean", "square_mean")


@final
class RAdam(Optimizer[RAdamConfig]):
    """See `RAdamConfig`."""

    def __init__(self, config: RAdamConfig, context: OptimizerContext) -> None:
        super().__init__(config, context)
        self._beta1 = self.scheduled("beta1", config.beta1, config.beta1_schedule, below=1)

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Step along the mean gradient, at first as it is, then divided by the root."""
        config, grad, scratch = self.config, span.grad, span.scratch
        beta1 = self._beta1(step)
        mean, square_mean = span.slots
        np.multiply(mean, beta1, out=mean)
        np.multiply(grad, 1 - beta1, out=scratch)
        np.add(mean, scratch, out=mean)
        np.multiply(grad, grad, out=scratch)
        np.multiply(scratch, 1 - config.beta2, out=scratch)
        np.multiply(square_mean, config.beta2, out=square_mean)
        np.add(square_mean, scratch, out=square_mean)
        rate = learning_rate / (1 - beta1**step)
        rectification = _rectification(config.beta2, step)
        if rectification is None:
            np.multiply(mean, rate, out=scratch)
        else:
            rate *= rectification * math.sqrt(1 - config.beta2**step)
            np.sqrt(square_mean, out=scratch)
            np.add(scratch, config.epsilon, out=scratch)
            np.divide(mean, scratch, out=scratch)
            np.multiply(scratch, rate, out=scratch)
        np.subtract(span.value, scratch, out=span.value)


def _rectification(beta2: float, step: int) -> float | None:
    """Return the factor ``r``; None while the variance cannot be told."""
    longest = 2 / (1 - beta2) - 1
    power = beta2**step
    length = longest - 2 * step * power / (1 - power)
    if length <= 5:
        return None
    above = (length - 4) * (length - 2) * longest
    return math.sqrt(above / ((longest - 4) * (longest - 2) * length))
