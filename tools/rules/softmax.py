"""A softmax layer as a plugin might have it; Layerkit itself has none. One example is about it."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, Layer, LayerConfig, LayerPlan, LayerTraits, Shape


class SoftmaxConfig(LayerConfig):
    """``y = exp(x) / sum(exp(x))`` over the last axis."""

    type: Literal["softmax"] = "softmax"

    def plan(self, x: Shape) -> LayerPlan:
        """Return the shape unchanged."""
        return LayerPlan(x)

    def traits(self) -> LayerTraits:
        """Return that outputs are probabilities."""
        return LayerTraits(outputs="probabilities")


@final
class Softmax(Layer[SoftmaxConfig]):
    """See `SoftmaxConfig`."""

    def forward(self, x: Array, *, training: bool) -> Array:
        """Return probabilities."""
        y: Array = np.exp(x - x.max(axis=-1, keepdims=True))
        self._y: Array = np.divide(y, y.sum(axis=-1, keepdims=True), out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Write ``y * (dy - sum(dy * y))``."""
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[: len(dy)]
        np.multiply(dy, self._y, out=dx)
        np.subtract(dy, dx.sum(axis=-1, keepdims=True), out=dx)
        np.multiply(dx, self._y, out=dx)
        return dx
