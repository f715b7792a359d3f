"""Zeros at the ends of sequences."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from pydantic import Field

from layerkit.plugin import Array, Layer, LayerConfig, LayerContext, LayerPlan, Shape
from layerkit_convolution.padding import Counts
from layerkit_convolution.windows import both, check_sequence


class ZeroPadding1dConfig(LayerConfig):
    """Zeros at the ends of sequences: ``(time, channels) -> (steps, channels)``.

    ``steps`` is ``time`` and the zeros before and after. Of sequences with a mask, steps of zeros
    do not count.

    Attributes
    ----------
    padding
        How many zeros: one number for both ends, or ``[before, after]``.

    Notes
    -----
    As Keras's ``ZeroPadding1D`` and PyTorch's ``ZeroPad1d``.

    References
    ----------
    Dumoulin, Visin (2016), A guide to convolution arithmetic for deep learning, chapter 2.
    """

    type: Literal["zero_padding1d"] = "zero_padding1d"
    padding: Annotated[Counts, Field(examples=[1, [2, 0]])] = 1

    def plan(self, x: Shape) -> LayerPlan:
        """Return the shape with the zeros."""
        check_sequence("zero_padding1d", x)
        before, after = both(self.padding)
        return LayerPlan((before + x[0] + after, x[1]))


@final
class ZeroPadding1d(Layer[ZeroPadding1dConfig]):
    """See `ZeroPadding1dConfig`."""

    def __init__(self, config: ZeroPadding1dConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        before, _ = both(config.padding)
        self._y = context.buffer(context.output_shape)
        self._inside = (slice(None), slice(before, before + context.input_shape[0]))
        self._mask: Array | None = None
        if context.mask is not None:
            self._mask = context.buffer(context.output_shape[:1])

    @property
    def mask(self) -> Array | None:
        """Which steps of the output count."""
        return self._mask

    def forward(self, x: Array, *, training: bool) -> Array:
        """Copy the sequences between zeros."""
        y = self._y[: len(x)]
        np.copyto(y[self._inside], x)
        if self._mask is not None and self.context.mask is not None:
            np.copyto(self._mask[: len(x)][self._inside], self.context.mask[: len(x)])
        return y

    def backward(self, dy: Array) -> Array | None:
        """Return what is not the gradient of a zero."""
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[: len(dy)]
        np.copyto(dx, dy[self._inside])
        return dx
