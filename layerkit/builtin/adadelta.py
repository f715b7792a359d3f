"""Adadelta."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge, Gt, Lt

from layerkit.plugin import Optimizer, OptimizerConfig, Span


class AdadeltaConfig(OptimizerConfig):
    """Steps about as long as the last ones, for which no learning rate need be chosen.

    ``v = rho * v + (1 - rho) * g²``; ``d = sqrt(u + epsilon) / sqrt(v + epsilon) * g``;
    ``u = rho * u + (1 - rho) * d²``; then ``w -= learning_rate * d``. Epsilon is inside the roots.

    The same as PyTorch's ``Adadelta``. Keras' has other defaults: a learning rate of 0.001, a
    ``rho`` of 0.95 and an epsilon of 1e-7.

    Attributes
    ----------
    learning_rate
        Above 0, by default 1 as in the paper.
    rho
        From 0 to below 1: the nearer to 1, the longer a step counts.
    epsilon
        Above 0: the first steps are about its root long.

    References
    ----------
    Zeiler (2012), ADADELTA: an adaptive learning rate method, algorithm 1.
    """

    adaptive: ClassVar[bool] = True

    type: Literal["adadelta"] = "adadelta"
    learning_rate: Annotated[float, Gt(0)] = 1.0
    rho: Annotated[float, Ge(0), Lt(1)] = 0.9
    epsilon: Annotated[float, Gt(0)] = 1e-6

    def slots(self) -> tuple[str, ...]:
        """Return the mean squares of gradients and of steps."""
        return ("square_mean", "step_mean")


@final
class Adadelta(Optimizer[AdadeltaConfig]):
    """See `AdadeltaConfig`."""

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Step along the gradient, in the proportion of the two roots."""
        square_mean, step_mean = span.slots
        rho, epsilon = self.config.rho, self.config.epsilon
        grad, scratch = span.grad, span.scratch
        np.multiply(grad, grad, out=scratch)
        np.multiply(scratch, 1 - rho, out=scratch)
        np.multiply(square_mean, rho, out=square_mean)
        np.add(square_mean, scratch, out=square_mean)
        np.add(square_mean, epsilon, out=scratch)
        np.sqrt(scratch, out=scratch)
        np.divide(grad, scratch, out=grad)
        np.add(step_mean, epsilon, out=scratch)
        np.sqrt(scratch, out=scratch)
        np.multiply(grad, scratch, out=grad)
        np.multiply(grad, grad, out=scratch)
        np.multiply(scratch, 1 - rho, out=scratch)
        np.multiply(step_mean, rho, out=step_mean)
        np.add(step_mean, scratch, out=step_mean)
        np.multiply(grad, learning_rate, out=grad)
        np.subtract(span.value, grad, out=span.value)
