"""An option that is a list."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from pydantic import Strict

from layerkit.plugin import Array, Layer, LayerConfig, LayerContext, LayerPlan, Shape, ShapeError


class RescaleConfig(LayerConfig):
    """``y = x * factors``, ``(features,) -> (features,)``."""

    type: Literal["rescale"] = "rescale"
    # A tuple, so that configs stay constant; Strict(strict=False) lets a spec write a list.
    factors: Annotated[tuple[float, ...], Strict(strict=False)]

    def plan(self, x: Shape) -> LayerPlan:
        """Check that there is a factor for every feature."""
        if x != (len(self.factors),):
            raise ShapeError(f"rescale expects one factor per feature of {x}", ("factors",))
        return LayerPlan(x)


@final
class Rescale(Layer[RescaleConfig]):
    """See `RescaleConfig`."""

    def __init__(self, config: RescaleConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._factors = np.array(config.factors, context.dtype)
        self._y = context.buffer(context.output_shape)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Multiply every feature by its factor."""
        y = self._y[: len(x)]
        np.multiply(x, self._factors, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Multiply by the same factors."""
        if self.context.input_grad is None:
            return None
        np.multiply(dy, self._factors, out=dy)
        return dy
