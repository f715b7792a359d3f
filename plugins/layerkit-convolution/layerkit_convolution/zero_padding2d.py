"""Zeros around images."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias, final

import numpy as np
from pydantic import Field, Strict

from layerkit.plugin import Array, Layer, LayerConfig, LayerContext, LayerPlan, Shape
from layerkit_convolution.padding import Count, Counts
from layerkit_convolution.windows import both, check_image

Sides: TypeAlias = Count | Annotated[tuple[Counts, Counts], Strict(strict=False)]


class ZeroPadding2dConfig(LayerConfig):
    """Zeros around images: ``(height, width, channels) -> (rows, columns, channels)``.

    ``rows`` is ``height`` and the zeros above and below, ``columns`` is ``width`` and those left
    and right.

    Attributes
    ----------
    padding
        How many zeros: one number for all four sides; ``[v, h]`` for ``v`` above and below, and
        ``h`` left and right; or ``[[top, bottom], [left, right]]``.

    Notes
    -----
    As Keras's ``ZeroPadding2D``. PyTorch's ``ZeroPad2d`` takes left, right, top and bottom, in this
    order.

    References
    ----------
    Dumoulin, Visin (2016), A guide to convolution arithmetic for deep learning, chapter 2.
    """

    type: Literal["zero_padding2d"] = "zero_padding2d"
    padding: Annotated[Sides, Field(examples=[1, [[0, 1], [0, 1]]])] = 1

    def plan(self, x: Shape) -> LayerPlan:
        """Return the shape with the zeros."""
        check_image("zero_padding2d", x)
        (top, bottom), (left, right) = self.sides()
        return LayerPlan((top + x[0] + bottom, left + x[1] + right, x[2]))

    def sides(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return the zeros at top and bottom, and left and right."""
        down, across = self.padding if isinstance(self.padding, tuple) else both(self.padding)
        return both(down), both(across)


@final
class ZeroPadding2d(Layer[ZeroPadding2dConfig]):
    """See `ZeroPadding2dConfig`."""

    def __init__(self, config: ZeroPadding2dConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        height, width, _ = context.input_shape
        (top, _), (left, _) = config.sides()
        self._y = context.buffer(context.output_shape)
        self._inside = (slice(None), slice(top, top + height), slice(left, left + width))

    def forward(self, x: Array, *, training: bool) -> Array:
        """Copy the images between zeros."""
        y = self._y[: len(x)]
        np.copyto(y[self._inside], x)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Return what is not the gradient of a zero."""
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[: len(dy)]
        np.copyto(dx, dy[self._inside])
        return dx
