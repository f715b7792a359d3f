"""Softmax."""

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


class SoftmaxConfig(LayerConfig):
    """Probabilities: ``y = exp(x) / sum(exp(x))`` over the last axis.

    ``(..., features)`` unchanged.

    For gates and attention inside a network. Classes need none at the end: end in a dense layer, as
    the loss ``softmax_cross_entropy`` is computed from what comes before a softmax, and predicts
    probabilities.

    References
    ----------
    Bridle (1990), Probabilistic interpretation of feedforward classification network outputs.
    """

    type: Literal["softmax"] = "softmax"

    def plan(self, x: Shape) -> LayerPlan:
        """Return the shape unchanged."""
        if not x:
            raise ShapeError(f"softmax expects an axis of features, shape (..., n); found {x}")
        return LayerPlan(x)

    def traits(self) -> LayerTraits:
        """Say that outputs are probabilities."""
        return LayerTraits(outputs="probabilities", initializer="xavier")


@final
class Softmax(Layer[SoftmaxConfig]):
    """See `SoftmaxConfig`."""

    def __init__(self, config: SoftmaxConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._y = context.buffer(context.output_shape)
        self._total = context.buffer((*context.output_shape[:-1], 1))

    def forward(self, x: Array, *, training: bool) -> Array:
        """Subtract the largest, so that no exponential overflows, and divide by the sum."""
        y, total = self._y[: len(x)], self._total[: len(x)]
        np.max(x, axis=-1, keepdims=True, out=total)
        np.subtract(x, total, out=y)
        np.exp(y, out=y)
        np.sum(y, axis=-1, keepdims=True, out=total)
        np.divide(y, total, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """``dx = y * (dy - sum(y * dy))``."""
        if self.context.input_grad is None:
            return None
        n = len(dy)
        y, total, dx = self._y[:n], self._total[:n], self.context.input_grad[:n]
        np.vecdot(y, dy, out=total[..., 0])
        np.subtract(dy, total, out=dx)
        np.multiply(dx, y, out=dx)
        return dx
