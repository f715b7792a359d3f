"""Dropout for self-normalizing networks."""

from __future__ import annotations

import math
from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Ge, Lt

from layerkit.plugin import (
    Array,
    Layer,
    LayerConfig,
    LayerContext,
    LayerPlan,
    LayerTraits,
    RandomBytes,
    Shape,
)

DROPPED = -1.0507009873554805 * 1.6732632423543772
"""What a dropped element is set to: the limit of ``selu`` far below 0."""


class AlphaDropoutConfig(LayerConfig):
    """``y = a * (x * mask + dropped * (1 - mask)) + b`` in training, ``y = x`` otherwise.

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
    rate: Annotated[float, Ge(0), Lt(1)] = 0.5

    def plan(self, x: Shape) -> LayerPlan:
        """Return the shape unchanged."""
        return LayerPlan(x)

    @property
    def dropped_bytes(self) -> int:
        """Of the 256 values of a byte, how many drop an element."""
        return min(round(self.rate * 256), 255)

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
        rate = config.dropped_bytes / 256
        self._scale = 1 / math.sqrt((1 - rate) * (1 + rate * DROPPED**2))
        self._shift = -self._scale * rate * DROPPED

    def forward(self, x: Array, *, training: bool) -> Array:
        """Set dropped elements to ``dropped``, then scale and shift; nothing otherwise."""
        if not training:
            return x
        n = len(x)
        y, slope, is_dropped = self._y[:n], self._slope[:n], self._is_dropped[:n]
        random = self._random.refill(self.context.rng, y.size).reshape(y.shape)
        np.less(random, self.config.dropped_bytes, out=is_dropped)
        slope.fill(self._scale)
        np.copyto(slope, 0, where=is_dropped)
        np.multiply(x, slope, out=y)
        np.copyto(y, self._scale * DROPPED, where=is_dropped)
        np.add(y, self._shift, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Multiply by ``a`` what was kept, by 0 what was dropped."""
        if self.context.input_grad is None:
            return None
        np.multiply(dy, self._slope[: len(dy)], out=dy)
        return dy
