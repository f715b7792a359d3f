"""Flatten layer."""

from __future__ import annotations

import math
from typing import Literal, final

from layerkit.plugin import Array, Layer, LayerConfig, LayerPlan, Shape


class FlattenConfig(LayerConfig):
    """All axes of an example in one, the last varying fastest: ``(a, b, ...) -> (a * b * ...,)``.

    Stands between layers that keep height and width, such as convolutions, and dense ones.

    References
    ----------
    Harris et al. (2020), Array programming with NumPy; the order is that of ``numpy.reshape``, by
    default.
    """

    type: Literal["flatten"] = "flatten"

    def plan(self, x: Shape) -> LayerPlan:
        """Plan one axis as long as all of them together."""
        return LayerPlan((math.prod(x),))


@final
class Flatten(Layer[FlattenConfig]):
    """See `FlattenConfig`; nothing is copied."""

    def forward(self, x: Array, *, training: bool) -> Array:
        """Return the same memory in the flat shape."""
        return x.reshape(len(x), *self.context.output_shape)

    def backward(self, dy: Array) -> Array | None:
        """Return the same memory in the shape of the input."""
        if self.context.input_grad is None:
            return None
        return dy.reshape(len(dy), *self.context.input_shape)
