"""AdaMax."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge, Gt, Lt

from layerkit.plugin import AnySchedule, Optimizer, OptimizerConfig, OptimizerContext, Span


class AdamaxConfig(OptimizerConfig):
    """Adam with the largest gradient of late in place of the root mean square.

    ``m = beta1 * m + (1 - beta1) * g``; ``u = max(beta2 * u, |g| + epsilon)``; then
    ``w -= learning_rate / (1 - beta1^t) * m / u`` at step ``t``.

    The same as PyTorch's ``Adamax``. The paper has no epsilon; Keras adds it to ``u`` in the last
    line.

    Attributes
    ----------
    learning_rate
        Above 0, by default 0.002.
    beta1, beta2
        From 0 to below 1: the nearer to 1, the longer a gradient counts.
    epsilon
        Above 0: keeps steps small where gradients are tiny.
    beta1_schedule
        How ``beta1``, the momentum, changes over the run: a schedule whose factors multiply it. It
        must stay below 1. Constant by default.

    References
    ----------
    Kingma, Ba (2015), Adam: a method for stochastic optimization, algorithm 2.
    """

    adaptive: ClassVar[bool] = True

    type: Literal["adamax"] = "adamax"
    learning_rate: Annotated[float, Gt(0)] = 2e-3
    beta1: Annotated[float, Ge(0), Lt(1)] = 0.9
    beta2: Annotated[float, Ge(0), Lt(1)] = 0.999
    epsilon: Annotated[float, Gt(0)] = 1e-8
    beta1_schedule: AnySchedule | None = None

    def slots(self) -> tuple[str, ...]:
        """Return the mean gradient and the largest one."""
        return ("gradient_mean", "largest")


@final
class Adamax(Optimizer[AdamaxConfig]):
    """See `AdamaxConfig`."""

    def __init__(self, config: AdamaxConfig, context: OptimizerContext) -> None:
        super().__init__(config, context)
        self._beta1 = self.scheduled("beta1", config.beta1, config.beta1_schedule, below=1)

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Step along the mean gradient, divided by the largest."""
        config, grad, scratch = self.config, span.grad, span.scratch
        beta1 = self._beta1(step)
        mean, largest = span.slots
        np.multiply(mean, beta1, out=mean)
        np.multiply(grad, 1 - beta1, out=scratch)
        np.add(mean, scratch, out=mean)
        np.abs(grad, out=scratch)
        np.add(scratch, config.epsilon, out=scratch)
        np.multiply(largest, config.beta2, out=largest)
        np.maximum(largest, scratch, out=largest)
        np.divide(mean, largest, out=scratch)
        np.multiply(scratch, learning_rate / (1 - beta1**step), out=scratch)
        np.subtract(span.value, scratch, out=span.value)
