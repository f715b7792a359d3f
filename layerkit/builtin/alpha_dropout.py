"""Dropout for self-normalizing networks."""

from __future__ import annotations

import math
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

DROPPED = -1.0507009873554805 * 1.6732632423543772
"""What a dropped element is set to: the limit of ``selu`` far below 0."""


class AlphaDropoutConfig(DropoutRateConfig):
    """Dropout for networks of ``selu``: keeps mean 0 and variance 1.

    ``y = a * (x * mask + dropped * (1 - mask)) + b`` in training, ``y = x`` otherwise.

    Any shape. Every element of ``mask`` is 0 with probability ``rate``, else 1, drawn at every
    step. ``dropped`` is -1.7580993408473766, the limit of ``selu`` far below 0. With
    ``a = 1 / sqrt((1 - rate) * (1 + rate * dropped²))`` and ``b = -a * rate * dropped``, inputs of
    mean 0 and variance 1 keep both.

    Attributes
    ----------
    rate
        The fraction dropped, from 0 to below 1; rounded to the nearest 1/256 as by ``dropout``.

    References
    ----------
    Klambauer, Unterthiner, Mayr, Hochreiter (2017), Self-normalizing neural networks.
    """

    type: Literal["alpha_dropout"] = "alpha_dropout"

    def plan(self, x: Shape) -> LayerPlan:
        """Return the shape unchanged."""
        return LayerPlan(x)

    def traits(self) -> LayerTraits:
        """Say that it adds noise."""
        return LayerTraits(adds_noise=True)


@final
class AlphaDropout(Layer[AlphaDropoutConfig]):
    """See `AlphaDropoutConfig`."""

    def __init__(self, config: AlphaDropoutConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._y = context.training_buffer(context.output_shape)
        self._slope = context.training_buffer(context.output_shape)
        self._is_dropped = np.zeros(self._y.shape, np.bool_)
        self._random = RandomBytes(max(self._y.size, 1))
        self._rate = config.scheduled_rate(context)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Set dropped elements to ``dropped``, then scale and shift; nothing otherwise."""
        if not training:
            return x
        n = len(x)
        y, slope, is_dropped = self._y[:n], self._slope[:n], self._is_dropped[:n]
        dropped = byte_share(self._rate.value)
        rate = dropped / 256
        scale = 1 / math.sqrt((1 - rate) * (1 + rate * DROPPED**2))
        random = self._random.refill(self.context.rng, y.size).reshape(y.shape)
        np.less(random, dropped, out=is_dropped)
        slope.fill(scale)
        np.copyto(slope, 0, where=is_dropped)
        np.multiply(x, slope, out=y)
        np.copyto(y, scale * DROPPED, where=is_dropped)
        np.add(y, -scale * rate * DROPPED, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Multiply by ``a`` what was kept, by 0 what was dropped."""
        if self.context.input_grad is None:
            return None
        np.multiply(dy, self._slope[: len(dy)], out=dy)
        return dy
