"""AMSGrad."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge, Gt, Lt

from layerkit.plugin import AnySchedule, Optimizer, OptimizerConfig, OptimizerContext, Span


class AMSGradConfig(OptimizerConfig):
    """Adam with the largest mean square so far, so that rates of single parameters never grow.

    ``m = beta1 * m + (1 - beta1) * g``; ``v = beta2 * v + (1 - beta2) * g²``;
    ``u = max(u, v)``; then at step ``t``
    ``w -= learning_rate * m / (1 - beta1^t) / (sqrt(u / (1 - beta2^t)) + epsilon)``.

    The same as PyTorch's ``Adam(amsgrad=True)``. Keras' adds epsilon, 1e-7, to ``sqrt(u)``, before
    the correction. The paper has neither corrections nor epsilon.

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
    Reddi, Kale, Kumar (2018), On the convergence of Adam and beyond, algorithm 2.
    """

    adaptive: ClassVar[bool] = True

    type: Literal["amsgrad"] = "amsgrad"
    learning_rate: Annotated[float, Gt(0)] = 1e-3
    beta1: Annotated[float, Ge(0), Lt(1)] = 0.9
    beta2: Annotated[float, Ge(0), Lt(1)] = 0.999
    epsilon: Annotated[float, Gt(0)] = 1e-8
    beta1_schedule: AnySchedule | None = None

    def slots(self) -> tuple[str, ...]:
        """Return the means of gradient and square, and the largest mean square."""
        return ("gradient_mean", "square_mean", "largest_square_mean")


@final
class AMSGrad(Optimizer[AMSGradConfig]):
    """See `AMSGradConfig`."""

    def __init__(self, config: AMSGradConfig, context: OptimizerContext) -> None:
        super().__init__(config, context)
        self._beta1 = self.scheduled("beta1", config.beta1, config.beta1_schedule, below=1)

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Step along the mean gradient, divided by the root of the largest mean square."""
        config, grad, scratch = self.config, span.grad, span.scratch
        beta1 = self._beta1(step)
        mean, square_mean, largest = span.slots
        np.multiply(mean, beta1, out=mean)
        np.multiply(grad, 1 - beta1, out=scratch)
        np.add(mean, scratch, out=mean)
        np.multiply(grad, grad, out=scratch)
        np.multiply(scratch, 1 - config.beta2, out=scratch)
        np.multiply(square_mean, config.beta2, out=square_mean)
        np.add(square_mean, scratch, out=square_mean)
        np.maximum(largest, square_mean, out=largest)
        np.sqrt(largest, out=scratch)
        np.divide(scratch, math.sqrt(1 - config.beta2**step), out=scratch)
        np.add(scratch, config.epsilon, out=scratch)
        np.divide(mean, scratch, out=scratch)
        np.multiply(scratch, learning_rate / (1 - beta1**step), out=scratch)
        np.subtract(span.value, scratch, out=span.value)
