"""Mean squared error."""

from __future__ import annotations

import math
from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt

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
    """``mean((output - target) ** 2)`` over the values of an example: least at the mean.

    ``shape`` against ``shape``.

    Targets are numbers. Where they have several axes, such as ``(time, features)``, there is one
    loss for each place along all axes but the last, so that masks and weights reach every step.
    Targets that are single numbers go with outputs of shape ``(1,)``. The gradient with respect to
    the outputs is ``weight * 2 * (output - target) / values``, as in PyTorch and Keras.

    Large targets, such as prices, are far from the outputs of a new network and make large
    gradients. With ``target_mean`` and ``target_deviation`` the network learns
    ``(target - target_mean) / target_deviation`` instead, and that is what the loss compares its
    outputs with; it predicts ``target_mean + target_deviation * output``, in the targets' own
    units. With the mean and the standard deviation of the targets, a loss of 1 is no better than
    to predict their mean.

    Attributes
    ----------
    target_mean
        What is taken from every value of a target.
    target_deviation
        Above 0; what it is divided by then.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), Deep Learning, section 5.1.4.
    """

    type: Literal["mean_squared_error"] = "mean_squared_error"
    target_mean: float = 0.0
    target_deviation: Annotated[float, Gt(0)] = 1.0

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
        self._is_scaled = (config.target_mean, config.target_deviation) != (0, 1)

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
        """Copy the outputs, in the units of the targets."""
        np.copyto(out, outputs.reshape(out.shape))
        if self._is_scaled:
            np.multiply(out, self.config.target_deviation, out=out)
            np.add(out, self.config.target_mean, out=out)

    def _loss(self, outputs: Array, targets: Targets, weights: Array) -> tuple[Array, float]:
        """Return what outputs are more than targets, ``(n, items, values)``, and the loss."""
        n = len(outputs)
        difference, squares = self._difference[:n], self._squares[:n]
        aim, into = targets.reshape(outputs.shape), difference.reshape(outputs.shape)
        if self._is_scaled:
            np.subtract(aim, self.config.target_mean, out=into)
            aim = np.divide(into, self.config.target_deviation, out=into)
        np.subtract(outputs, aim, out=into)
        np.einsum("nik,nik->ni", difference, difference, out=squares)
        return difference, float(np.dot(squares.reshape(-1), weights.reshape(-1))) / self._values
