"""Gated linear unit."""

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
from layerkit_activations.logistic import logistic


class GluConfig(LayerConfig):
    """Gated linear unit: ``y = a * sigmoid(b)``, a and b halves of x, ``(..., 2n) -> (..., n)``.

    The first half of the last axis is ``a``, the second is ``b``.

    References
    ----------
    Dauphin, Fan, Auli, Grangier (2017), Language modeling with gated convolutional networks.
    """

    type: Literal["glu"] = "glu"

    def plan(self, x: Shape) -> LayerPlan:
        """Plan half as many features."""
        if not x or x[-1] % 2:
            raise ShapeError(
                f"glu expects an even number of features to halve, shape (..., 2n); found {x}"
            )
        return LayerPlan((*x[:-1], x[-1] // 2))

    def traits(self) -> LayerTraits:
        """Say what suits the weights before it."""
        return LayerTraits(initializer="xavier")


@final
class Glu(Layer[GluConfig]):
    """See `GluConfig`."""

    def __init__(self, config: GluConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._units = context.output_shape[-1]
        self._y = context.buffer(context.output_shape)
        self._gate = context.buffer(context.output_shape)
        self._x = self._y

    def forward(self, x: Array, *, training: bool) -> Array:
        """Multiply one half by the sigmoid of the other."""
        self._x = x
        y, gate = self._y[: len(x)], self._gate[: len(x)]
        logistic(x[..., self._units :], gate, scratch=y)
        np.multiply(x[..., : self._units], gate, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """``da = dy * sigmoid(b)``, ``db = da * a * (1 - sigmoid(b))``."""
        if self.context.input_grad is None:
            return None
        gate, dx = self._gate[: len(dy)], self.context.input_grad[: len(dy)]
        da, db = dx[..., : self._units], dx[..., self._units :]
        np.multiply(dy, gate, out=da)
        np.subtract(1, gate, out=db)
        np.multiply(db, da, out=db)
        np.multiply(db, self._x[..., : self._units], out=db)
        return dx
