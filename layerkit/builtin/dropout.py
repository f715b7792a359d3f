"""Inverted dropout."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import (
    Array,
    DropoutRateConfig,
    Layer,
    LayerContext,
    LayerPlan,
    LayerTraits,
    RandomBytes,
    Shape,
    byte_share,
)


class DropoutConfig(DropoutRateConfig):
    """Zeroes a random part of the values in training; any shape.

    ``y = x * mask / (1 - rate)`` in training, ``y = x`` otherwise.

    Every element of ``mask`` is 0 with probability ``rate``, else 1, drawn at every step.

    Attributes
    ----------
    rate
        The fraction dropped, from 0 to below 1. It is rounded to the nearest 1/256, at most
        255/256, because a mask is drawn from random bytes; the rescaling uses the rounded rate,
        so that the expectation of ``y`` is exactly ``x``.

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov (2014), Dropout: a simple way to
    prevent neural networks from overfitting.
    """

    type: Literal["dropout"] = "dropout"

    def plan(self, x: Shape) -> LayerPlan:
        """Return the shape unchanged."""
        return LayerPlan(x)

    def traits(self) -> LayerTraits:
        """Return what warnings need to know."""
        return LayerTraits(adds_noise=True)


@final
class Dropout(Layer[DropoutConfig]):
    """See `DropoutConfig`."""

    def __init__(self, config: DropoutConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._y = context.buffer(context.output_shape)
        self._mask = context.buffer(context.output_shape)
        self._kept = np.zeros(self._mask.shape, np.bool_)
        self._random = RandomBytes(self._mask.size)
        self._rate = config.scheduled_rate(context)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Multiply by a new mask of zeros and ``1 / (1 - rate)``; nothing otherwise."""
        if not training:
            return x
        kept, mask, y = self._kept[: len(x)], self._mask[: len(x)], self._y[: len(x)]
        dropped = byte_share(self._rate.value)
        random = self._random.refill(self.context.rng, mask.size).reshape(mask.shape)
        np.greater_equal(random, dropped, out=kept)
        np.copyto(mask, kept)
        np.multiply(mask, 256 / (256 - dropped), out=mask)
        np.multiply(x, mask, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Multiply by the same mask."""
        if self.context.input_grad is None:
            return None
        np.multiply(dy, self._mask[: len(dy)], out=dy)
        return dy
