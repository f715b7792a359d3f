"""Negative log-likelihood of a normal distribution whose mean and variance the network predicts."""

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
    ShapeError,
    Target,
    Targets,
    VectorTarget,
)


class GaussianNllConfig(LossConfig):
    """Negative log-likelihood where the network gives a mean and a variance, in nats.

    ``(log(variance) + (mean - target) ** 2 / variance) / 2``.

    For targets of ``k`` values, ``(k,)``, the output is ``(2 * k,)``: first ``k`` means, then ``k``
    logarithms of variances ``s``, with ``variance = exp(s) + epsilon``. Single numbers are one
    value, and steps come first: ``(time, 2 * k)`` for targets ``(time, k)``. The loss of an
    example, or of a step, is the mean over its values. The prediction is the mean, ``(k,)``.

    The term ``log(2 * pi) / 2``, which no output changes, is left out, as in PyTorch's
    ``GaussianNLLLoss``. That one takes variances, and replaces those below ``eps`` without a change
    of the gradient; here ``epsilon`` is added, so that the gradient is that of the loss.

    Attributes
    ----------
    epsilon
        Above 0, in squared units of the targets; the smallest variance.

    References
    ----------
    Nix, Weigend (1994), Estimating the mean and variance of the target probability distribution.
    """

    type: Literal["gaussian_nll"] = "gaussian_nll"
    epsilon: Annotated[float, Gt(0)] = 1e-6

    def plan(self, output: Shape, target: Target) -> LossPlan:
        """Plan one loss per example, or per step; predictions are the means."""
        if not isinstance(target, VectorTarget):
            raise ShapeError(
                f"gaussian_nll expects numbers as targets, found class indices, "
                f"{target.classes} classes"
            )
        *steps, values = target.shape or (1,)
        expected = (*steps, 2 * values)
        if output != expected:
            raise ShapeError(
                f"gaussian_nll expects an output of shape {expected}, a mean and a logarithm of a "
                f"variance per value of the target; found {output}",
                hint=f"end in a dense layer with units = {2 * values}",
            )
        return LossPlan(target.shape, tuple(steps))


@final
class GaussianNll(Loss[GaussianNllConfig]):
    """See `GaussianNllConfig`."""

    def __init__(self, config: GaussianNllConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        *steps, both = context.output_shape
        self._values = both // 2
        shape = (math.prod(steps), self._values)
        self._difference = context.buffer(shape)
        self._logs = context.buffer(shape)
        self._precision = context.buffer(shape)
        self._squares = context.buffer(shape)
        self._sums = context.buffer(shape[:1])
        self._least = math.log(config.epsilon)

    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        """Weighted sum of the means over values."""
        n, k = len(outputs), self._values
        z = outputs.reshape(n, -1, 2 * k)
        difference, logs = self._difference[:n], self._logs[:n]
        precision, squares, sums = self._precision[:n], self._squares[:n], self._sums[:n]
        np.subtract(z[..., :k], targets.reshape(difference.shape), out=difference)
        np.logaddexp(z[..., k:], self._least, out=logs)
        np.negative(logs, out=precision)
        np.exp(precision, out=precision)
        np.multiply(difference, precision, out=squares)
        np.multiply(squares, difference, out=squares)
        np.add(logs, squares, out=logs)
        logs.sum(axis=-1, out=sums)
        return float(np.dot(sums.reshape(-1), weights.reshape(-1))) / (2 * k)

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        """Weighted sum of the means over values, and its gradient.

        ``weight * (mean - target) / variance / k`` for means; for logarithms of variances,
        ``weight * (1 - (mean - target) ** 2 / variance) * exp(s) / variance / (2 * k)``.
        """
        loss = self.value(outputs, targets, weights)
        n, k = len(outputs), self._values
        grad = out.reshape(n, -1, 2 * k)
        scale, precision = weights.reshape(n, -1, 1), self._precision[:n]
        of_mean, of_log, share = grad[..., :k], grad[..., k:], self._logs[:n]
        np.multiply(self._difference[:n], precision, out=of_mean)
        np.multiply(of_mean, 1 / k, out=of_mean)
        np.multiply(of_mean, scale, out=of_mean)
        np.subtract(1, self._squares[:n], out=of_log)
        # exp(s) / variance is 1 - epsilon / variance, or 1 / (1 + epsilon * exp(-s)).
        np.multiply(precision, -self.config.epsilon, out=share)
        np.add(share, 1, out=share)
        np.multiply(of_log, share, out=of_log)
        np.multiply(of_log, 1 / (2 * k), out=of_log)
        np.multiply(of_log, scale, out=of_log)
        return loss

    def predict(self, outputs: Array, out: Array) -> None:
        """Copy the means."""
        n, k = len(outputs), self._values
        np.copyto(out.reshape(n, -1, k), outputs.reshape(n, -1, 2 * k)[..., :k])
