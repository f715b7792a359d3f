"""NAdam."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge, Gt, Lt

from layerkit.plugin import AnySchedule, Optimizer, OptimizerConfig, OptimizerContext, Span


class NadamConfig(OptimizerConfig):
    """Adam with Nesterov's momentum.

    With the means ``m = beta1 * m + (1 - beta1) * g`` and ``v = beta2 * v + (1 - beta2) * g²``, the
    momentum ``mu(t) = beta1 * (1 - 0.96^(t * momentum_decay) / 2)`` and the product ``p(t)`` of all
    ``mu`` so far, step ``t`` is ``w -= learning_rate * d / (sqrt(v / (1 - beta2^t)) + epsilon)``,
    where ``d = (1 - mu(t)) / (1 - p(t)) * g + mu(t + 1) / (1 - p(t + 1)) * m``.

    The same as PyTorch's ``NAdam``. Keras' ``Nadam`` has a ``momentum_decay`` of 1, and an epsilon
    of 1e-7.

    Attributes
    ----------
    learning_rate
        Above 0, by default 0.002.
    beta1, beta2
        From 0 to below 1: the nearer to 1, the longer a gradient counts.
    epsilon
        Above 0: keeps steps small where gradients are tiny.
    momentum_decay
        From 0: how soon the momentum grows from half of ``beta1`` to all of it; at 0 it stays half.
    beta1_schedule
        How ``beta1``, the momentum, changes over the run: a schedule whose factors multiply it. It
        must stay below 1. Constant by default.

    References
    ----------
    Dozat (2016), Incorporating Nesterov momentum into Adam, algorithm 2.
    """

    adaptive: ClassVar[bool] = True

    type: Literal["nadam"] = "nadam"
    learning_rate: Annotated[float, Gt(0)] = 2e-3
    beta1: Annotated[float, Ge(0), Lt(1)] = 0.9
    beta2: Annotated[float, Ge(0), Lt(1)] = 0.999
    epsilon: Annotated[float, Gt(0)] = 1e-8
    momentum_decay: Annotated[float, Ge(0)] = 4e-3
    beta1_schedule: AnySchedule | None = None

    def slots(self) -> tuple[str, ...]:
        """Return the means of gradient and square."""
        return ("gradient_mean", "square_mean")


@final
class Nadam(Optimizer[NadamConfig]):
    """See `NadamConfig`."""

    def __init__(self, config: NadamConfig, context: OptimizerContext) -> None:
        super().__init__(config, context)
        self._beta1 = self.scheduled("beta1", config.beta1, config.beta1_schedule, below=1)
        self._step: int = 0
        self._product: float = 1.0

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Step along gradient and mean gradient, divided by the root of the mean square."""
        config, grad, scratch = self.config, span.grad, span.scratch
        mean, square_mean = span.slots
        self._go_to(step)
        beta1 = self._beta1(step)
        now, following = self._momentum(beta1, step), self._momentum(beta1, step + 1)
        np.multiply(mean, beta1, out=mean)
        np.multiply(grad, 1 - beta1, out=scratch)
        np.add(mean, scratch, out=mean)
        np.multiply(grad, grad, out=scratch)
        np.multiply(scratch, 1 - config.beta2, out=scratch)
        np.multiply(square_mean, config.beta2, out=square_mean)
        np.add(square_mean, scratch, out=square_mean)
        np.multiply(grad, (1 - now) / (1 - self._product), out=grad)
        np.multiply(mean, following / (1 - self._product * following), out=scratch)
        np.add(grad, scratch, out=grad)
        np.divide(square_mean, 1 - config.beta2**step, out=scratch)
        np.sqrt(scratch, out=scratch)
        np.add(scratch, config.epsilon, out=scratch)
        np.divide(grad, scratch, out=grad)
        np.multiply(grad, learning_rate, out=grad)
        np.subtract(span.value, grad, out=span.value)

    def _momentum(self, beta1: float, step: int) -> float:
        return beta1 * (1 - 0.5 * math.pow(0.96, step * self.config.momentum_decay))

    def _go_to(self, step: int) -> None:
        """Make the product that of all steps up to this one; a resumed run has it to catch up."""
        if step == self._step + 1:
            self._product *= self._momentum(self._beta1(step), step)
        elif step != self._step:
            steps = range(1, step + 1)
            self._product = math.prod(self._momentum(self._beta1(past), past) for past in steps)
        self._step = step
