"""AdamW."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge, Gt, Lt

from layerkit.plugin import AnySchedule, Optimizer, OptimizerConfig, OptimizerContext, Span


class AdamWConfig(OptimizerConfig):
    """Adam with a weight decay beside the gradient rather than in it.

    ``w -= learning_rate * weight_decay * w``, then ``w -= learning_rate * m / (sqrt(v) + epsilon)``
    with the means ``m`` and ``v`` of `AdamConfig`. The decay is multiplied by each parameter's
    factor: 1 for weights, 0 for biases and for scales and shifts of normalization; see ``groups``.
    PyTorch's AdamW decays them all.

    Attributes
    ----------
    learning_rate
        Above 0, by default 0.001.
    beta1, beta2
        From 0 to below 1: the nearer to 1, the longer a gradient counts.
    epsilon
        Above 0: keeps steps small where gradients are tiny.
    weight_decay
        From 0, by default 0.01 as in PyTorch.
    beta1_schedule
        How ``beta1``, the momentum, changes over the run: a schedule whose factors multiply it. It
        must stay below 1. Constant by default.

    References
    ----------
    Loshchilov, Hutter (2019), Decoupled weight decay regularization, algorithm 2.
    """

    uses_decay: ClassVar[bool] = True
    adaptive: ClassVar[bool] = True

    type: Literal["adamw"] = "adamw"
    learning_rate: Annotated[float, Gt(0)] = 1e-3
    beta1: Annotated[float, Ge(0), Lt(1)] = 0.9
    beta2: Annotated[float, Ge(0), Lt(1)] = 0.999
    epsilon: Annotated[float, Gt(0)] = 1e-8
    weight_decay: Annotated[float, Ge(0)] = 0.01
    beta1_schedule: AnySchedule | None = None

    def slots(self) -> tuple[str, ...]:
        """Return the two sums; dividing them by the sums of the powers makes the means."""
        return ("gradient_sum", "square_sum")


@final
class AdamW(Optimizer[AdamWConfig]):
    """See `AdamWConfig`."""

    def __init__(self, config: AdamWConfig, context: OptimizerContext) -> None:
        super().__init__(config, context)
        self._beta1 = self.scheduled("beta1", config.beta1, config.beta1_schedule, below=1)

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Shrink, then step along the mean gradient, divided by the root of the mean square."""
        config = self.config
        gradient_sum, square_sum = span.slots
        grad = span.grad
        if span.decay > 0:
            shrink = learning_rate * config.weight_decay * span.decay
            np.multiply(span.value, 1 - shrink, out=span.value)
        beta1 = self._beta1(step)
        if config.beta1_schedule is not None and step > 1:
            # The sum is the mean divided by 1 - beta1, which is another than at the step before.
            np.multiply(gradient_sum, (1 - self._beta1(step - 1)) / (1 - beta1), out=gradient_sum)
        np.multiply(gradient_sum, beta1, out=gradient_sum)
        np.add(gradient_sum, grad, out=gradient_sum)
        np.multiply(grad, grad, out=grad)
        np.multiply(square_sum, config.beta2, out=square_sum)
        np.add(square_sum, grad, out=square_sum)
        # Dividing epsilon and the rate, two numbers, spares dividing the sums, two vectors.
        root = math.sqrt(_sum_of_powers(config.beta2, step))
        change = grad  # the gradient is not needed any more, and its memory is in cache
        np.sqrt(square_sum, out=change)
        np.add(change, config.epsilon * root, out=change)
        np.divide(gradient_sum, change, out=change)
        np.multiply(change, learning_rate * root / _sum_of_powers(beta1, step), out=change)
        np.subtract(span.value, change, out=span.value)


def _sum_of_powers(beta: float, terms: int) -> float:
    """Return ``1 + beta + ... + beta^(terms - 1)``."""
    return (1 - beta**terms) / (1 - beta)
