"""Mean squared error."""

from __future__ import annotations

import math
from typing import Literal, final

import numpy as np

from layerkit.plugin import (
    Array,
    Loss,
    LossConfig,
    LossPlan,
    OutputContext,
    Shape,
    Target,
    Targets,
    check_one_output_per_value,
)


class MeanSquaredErrorConfig(LossConfig):
    """``mean((output - target) ** 2)`` over the values of an example, ``shape`` against ``shape``.

    Targets are numbers. Where they have several axes, such as ``(time, features)``, there is one
    loss for each place along all axes but the last, so that masks and weights reach every step.
    Targets that are single numbers go with outputs of shape ``(1,)``. The gradient with respect to
    the outputs is ``weight * 2 * (output - target) / values``, as in PyTorch and Keras.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), Deep Learning, section 5.1.4.
    """

    type: Literal["mean_squared_error"] = "mean_squared_error"

    def plan(self, output: Shape, target: Target) -> LossPlan:
        """Plan one loss per example, or per step."""
        found = check_one_output_per_value("mean_squared_error", output, target)
        return LossPlan(found.shape, found.shape[:-1])


@final
class MeanSquaredError(Loss[MeanSquaredErrorConfig]):
    """See `MeanSquaredErrorConfig`."""

    def __init__(self, config: MeanSquaredErrorConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        *steps, self._values = context.output_shape or (1,)
        items = math.prod(steps)
        self._difference = context.buffer((items, self._values))
        self._squares = context.buffer((items,))

    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        """Weighted sum of the mean squares."""
        return self._loss(outputs, targets, weights)[1]

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        """Weighted sum of the mean squares; ``weight * 2 * (output - target) / values``."""
        difference, loss = self._loss(outputs, targets, weights)
        scale = weights.reshape(len(outputs), -1, 1)
        np.multiply(difference, scale, out=difference)
        np.multiply(difference.reshape(out.shape), 2 / self._values, out=out)
        return loss

    def predict(self, outputs: Array, out: Array) -> None:
        """Copy the outputs."""
        np.copyto(out, outputs.reshape(out.shape))

    def _loss(self, outputs: Array, targets: Targets, weights: Array) -> tuple[Array, float]:
        """Return what outputs are more than targets, ``(n, items, values)``, and the loss."""
        n = len(outputs)
        difference, squares = self._difference[:n], self._squares[:n]
        np.subtract(outputs, targets.reshape(outputs.shape), out=difference.reshape(outputs.shape))
        np.einsum("nik,nik->ni", difference, difference, out=squares)
        return difference, float(np.dot(squares.reshape(-1), weights.reshape(-1))) / self._values
