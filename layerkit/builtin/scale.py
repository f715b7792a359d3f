"""A learned factor for every feature."""

from __future__ import annotations

import math
from typing import Literal, final

import numpy as np

from layerkit.plugin import (
    INITIALIZERS,
    AnyInitializer,
    Array,
    Fan,
    Layer,
    LayerConfig,
    LayerContext,
    LayerPlan,
    ParameterPlan,
    Shape,
    ShapeError,
    default,
)


class ScaleConfig(LayerConfig):
    """A learned factor for every feature: ``y = x * scale``, ``(..., features)`` unchanged.

    At the beginning of a network for tables, it learns how much every column matters.

    Attributes
    ----------
    scale_initializer
        What fills ``scale`` ``(features,)``; by default ``ones``.

    References
    ----------
    Holzmüller, Grinsztajn, Steinwart (2024), Better by default: strong pre-tuned MLPs and boosted
    trees on tabular data, section 3.
    """

    type: Literal["scale"] = "scale"
    scale_initializer: AnyInitializer = default(INITIALIZERS, "ones")

    def plan(self, x: Shape) -> LayerPlan:
        """Plan ``scale``."""
        if not x:
            raise ShapeError(f"scale expects an axis of features, shape (..., n); found {x}")
        scale = ParameterPlan((x[-1],), self.scale_initializer, Fan(1, 1), decay=False)
        return LayerPlan(x, {"scale": scale})


@final
class Scale(Layer[ScaleConfig]):
    """See `ScaleConfig`."""

    def __init__(self, config: ScaleConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._scale = context.params["scale"]
        self._y = context.buffer(context.output_shape)
        self._ones = np.ones(context.capacity * math.prod(context.input_shape[:-1]), context.dtype)
        self._x = self._y

    def forward(self, x: Array, *, training: bool) -> Array:
        """Multiply by the factors."""
        self._x = x
        return np.multiply(x, self._scale.value, out=self._y[: len(x)])

    def backward(self, dy: Array) -> Array | None:
        """``dscale`` sums ``dy * x`` over all positions, ``dx = dy * scale``."""
        product = self._y[: len(dy)]
        np.multiply(dy, self._x, out=product)
        rows = product.reshape(-1, product.shape[-1])
        np.matmul(self._ones[: len(rows)], rows, out=self._scale.grad)
        if self.context.input_grad is None:
            return None
        return np.multiply(dy, self._scale.value, out=self.context.input_grad[: len(dy)])
