"""AdaBelief."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge, Gt, Lt

from layerkit.plugin import AnySchedule, Optimizer, OptimizerConfig, OptimizerContext, Span


class AdaBeliefConfig(OptimizerConfig):
    """Adam whose steps are long where the gradient is as its mean predicts.

    ``m = beta1 * m + (1 - beta1) * g``; ``s = beta2 * s + (1 - beta2) * (g - m)² + epsilon``; then
    ``w -= learning_rate * m / (1 - beta1^t) / (sqrt(s / (1 - beta2^t)) + epsilon)`` at step ``t``.

    PyTorch and Keras have none; the same as the authors' own for PyTorch without its
    rectification and decay.

    Attributes
    ----------
    learning_rate
        Above 0, by default 0.001.
    beta1, beta2
        From 0 to below 1: the nearer to 1, the longer a gradient counts.
    epsilon
        Above 0, by default 1e-16: its root is what steps are divided by where gradients are
        exactly their mean.
    beta1_schedule
        How ``beta1``, the momentum, changes over the run: a schedule whose factors multiply it. It
        must stay below 1. Constant by default.

    References
    ----------
    Zhuang, Tang, Ding, Tatikonda, Dvornek, Papademetris, Duncan (2020), AdaBelief optimizer:
    adapting stepsizes by the belief in observed gradients, algorithm 2.
    """

    adaptive: ClassVar[bool] = True

    type: Literal["adabelief"] = "adabelief"
    learning_rate: Annotated[float, Gt(0)] = 1e-3
    beta1: Annotated[float, Ge(0), Lt(1)] = 0.9
    beta2: Annotated[float, Ge(0), Lt(1)] = 0.999
    epsilon: Annotated[float, Gt(0)] = 1e-16
    beta1_schedule: AnySchedule | None = None

    def slots(self) -> tuple[str, ...]:
        """Return the means of gradient and squared deviation."""
        return ("gradient_mean", "deviation_mean")


@final
class AdaBelief(Optimizer[AdaBeliefConfig]):
    """See `AdaBeliefConfig`."""

    def __init__(self, config: AdaBeliefConfig, context: OptimizerContext) -> None:
        super().__init__(config, context)
        self._beta1 = self.scheduled("beta1", config.beta1, config.beta1_schedule, below=1)

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Step along the mean gradient, divided by the root of the mean squared deviation."""
        config, grad, scratch = self.config, span.grad, span.scratch
        beta1 = self._beta1(step)
        mean, deviation = span.slots
        np.multiply(mean, beta1, out=mean)
        np.multiply(grad, 1 - beta1, out=scratch)
        np.add(mean, scratch, out=mean)
        np.subtract(grad, mean, out=scratch)
        np.multiply(scratch, scratch, out=scratch)
        np.multiply(scratch, 1 - config.beta2, out=scratch)
        np.multiply(deviation, config.beta2, out=deviation)
        np.add(deviation, scratch, out=deviation)
        np.add(deviation, config.epsilon, out=deviation)
        np.divide(deviation, 1 - config.beta2**step, out=scratch)
        np.sqrt(scratch, out=scratch)
        np.add(scratch, config.epsilon, out=scratch)
        np.divide(mean, scratch, out=scratch)
        np.multiply(scratch, learning_rate / (1 - beta1**step), out=scratch)
        np.subtract(span.value, scratch, out=span.value)
