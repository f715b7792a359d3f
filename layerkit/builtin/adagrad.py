"""Adagrad."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge, Gt

from layerkit.plugin import Optimizer, OptimizerConfig, Span


class AdagradConfig(OptimizerConfig):
    """Steps divided by the root of the sum of all squared gradients of a parameter so far.

    ``s += g²``, from ``initial`` on; then ``w -= learning_rate * g / (sqrt(s) + epsilon)``.

    The same as PyTorch's ``Adagrad``, whose ``initial_accumulator_value`` is ``initial``, and whose
    ``lr_decay`` is a schedule. Keras' adds epsilon inside the root, and by default begins at 0.1.

    Attributes
    ----------
    learning_rate
        Above 0, by default 0.01.
    initial
        What the sums begin with, from 0.
    epsilon
        Above 0: keeps steps small where gradients are tiny.

    References
    ----------
    Duchi, Hazan, Singer (2011), Adaptive subgradient methods for online learning and stochastic
    optimization, with a diagonal matrix.
    """

    adaptive: ClassVar[bool] = True

    type: Literal["adagrad"] = "adagrad"
    learning_rate: Annotated[float, Gt(0)] = 0.01
    initial: Annotated[float, Ge(0)] = 0.0
    epsilon: Annotated[float, Gt(0)] = 1e-10

    def slots(self) -> tuple[str, ...]:
        """Return the sum of squares."""
        return ("square_sum",)


@final
class Adagrad(Optimizer[AdagradConfig]):
    """See `AdagradConfig`."""

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Step along the gradient, divided by the root of the sum of squares."""
        (square_sum,) = span.slots
        grad, scratch = span.grad, span.scratch
        if step == 1:
            square_sum.fill(self.config.initial)
        np.multiply(grad, grad, out=scratch)
        np.add(square_sum, scratch, out=square_sum)
        np.sqrt(square_sum, out=scratch)
        np.add(scratch, self.config.epsilon, out=scratch)
        np.divide(grad, scratch, out=grad)
        np.multiply(grad, learning_rate, out=grad)
        np.subtract(span.value, grad, out=span.value)
