"""LAMB, Adam at a rate that suits each parameter."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge, Gt, Lt

from layerkit.plugin import (
    AnySchedule,
    Array,
    Optimizer,
    OptimizerConfig,
    OptimizerContext,
    Scope,
    Span,
)


class LAMBConfig(OptimizerConfig):
    """Adam with steps in proportion to the norm of each parameter, for large batches.

    ``u = m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon) + weight_decay * w`` at step
    ``t``, with ``m = beta1 * m + (1 - beta1) * g`` and ``v = beta2 * v + (1 - beta2) * g²``; then
    ``w -= learning_rate * |w| / |u| * u``, with the norms of a whole parameter. Where ``w`` or
    ``u`` is 0, the ratio of the norms is 1, so that biases leave 0. The decay is multiplied by each
    parameter's factor: 1 for weights, 0 for biases and for scales and shifts of normalization; see
    ``groups``.

    PyTorch has none. Keras' ``Lamb`` has an epsilon of 1e-7 and decays all, outside the ratio.

    Attributes
    ----------
    learning_rate
        Above 0, by default 0.001: the share of its norm that a parameter moves.
    beta1, beta2
        From 0 to below 1: the nearer to 1, the longer a gradient counts.
    epsilon
        Above 0: keeps steps small where gradients are tiny.
    weight_decay
        From 0, by default 0.01 as in the paper.
    beta1_schedule
        How ``beta1``, the momentum, changes over the run: a schedule whose factors multiply it. It
        must stay below 1. Constant by default.

    References
    ----------
    You, Li, Reddi, Hseu, Kumar, Bhojanapalli, Song, Demmel, Keutzer, Hsieh (2020), Large batch
    optimization for deep learning: training BERT in 76 minutes, algorithm 2.
    """

    uses_decay: ClassVar[bool] = True
    adaptive: ClassVar[bool] = True

    type: Literal["lamb"] = "lamb"
    learning_rate: Annotated[float, Gt(0)] = 1e-3
    beta1: Annotated[float, Ge(0), Lt(1)] = 0.9
    beta2: Annotated[float, Ge(0), Lt(1)] = 0.999
    epsilon: Annotated[float, Gt(0)] = 1e-6
    weight_decay: Annotated[float, Ge(0)] = 0.01
    beta1_schedule: AnySchedule | None = None

    def slots(self) -> tuple[str, ...]:
        """Return the means of gradient and square."""
        return ("gradient_mean", "square_mean")


@final
class LAMB(Optimizer[LAMBConfig]):
    """See `LAMBConfig`."""

    scope: ClassVar[Scope] = "parameter"

    def __init__(self, config: LAMBConfig, context: OptimizerContext) -> None:
        super().__init__(config, context)
        self._beta1 = self.scheduled("beta1", config.beta1, config.beta1_schedule, below=1)

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Step along Adam's direction, by a share of the parameter's norm."""
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
        np.sqrt(square_mean, out=scratch)
        np.divide(scratch, math.sqrt(1 - config.beta2**step), out=scratch)
        np.add(scratch, config.epsilon, out=scratch)
        change = grad  # the gradient is not needed any more
        np.divide(mean, scratch, out=change)
        np.divide(change, 1 - beta1**step, out=change)
        decay = config.weight_decay * span.decay
        if decay > 0:
            np.multiply(span.value, decay, out=scratch)
            np.add(change, scratch, out=change)
        norm, length = _norm(span.value), _norm(change)
        ratio = norm / length if norm > 0 and length > 0 else 1.0
        np.multiply(change, learning_rate * ratio, out=change)
        np.subtract(span.value, change, out=span.value)


def _norm(flat: Array) -> float:
    return math.sqrt(float(np.dot(flat, flat)))
