"""Logarithm of softmax."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import (
    Array,
    Layer,
    LayerConfig,
    LayerContext,
    LayerPlan,
    LayerTraits,
    Shape,
    ShapeError,
)


class LogSoftmaxConfig(LayerConfig):
    """Logarithms of probabilities: ``y = x - log(sum(exp(x)))`` over the last axis.

    ``(..., features)`` unchanged.

    For losses of your own on logarithms of probabilities; ``softmax_cross_entropy`` takes what
    comes before.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.3.
    """

    type: Literal["log_softmax"] = "log_softmax"

    def plan(self, x: Shape) -> LayerPlan:
        """Return the shape unchanged."""
        if not x:
            raise ShapeError(f"log_softmax expects an axis of features, shape (..., n); found {x}")
        return LayerPlan(x)

    def traits(self) -> LayerTraits:
        """Say what suits the weights before it."""
        return LayerTraits(initializer="xavier")


@final
class LogSoftmax(Layer[LogSoftmaxConfig]):
    """See `LogSoftmaxConfig`."""

    def __init__(self, config: LogSoftmaxConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._y = context.buffer(context.output_shape)
        self._softmax = context.buffer(context.output_shape)
        self._total = context.buffer((*context.output_shape[:-1], 1))

    def forward(self, x: Array, *, training: bool) -> Array:
        """Subtract the largest, then the logarithm of the sum of exponentials."""
        n = len(x)
        y, exponential, total = self._y[:n], self._softmax[:n], self._total[:n]
        np.max(x, axis=-1, keepdims=True, out=total)
        np.subtract(x, total, out=y)
        np.exp(y, out=exponential)
        np.sum(exponential, axis=-1, keepdims=True, out=total)
        if training:
            np.divide(exponential, total, out=exponential)
        np.log(total, out=total)
        np.subtract(y, total, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """``dx = dy - softmax(x) * sum(dy)``."""
        if self.context.input_grad is None:
            return None
        n = len(dy)
        total, dx = self._total[:n], self.context.input_grad[:n]
        np.sum(dy, axis=-1, keepdims=True, out=total)
        np.multiply(self._softmax[:n], total, out=dx)
        np.subtract(dy, dx, out=dx)
        return dx
