"""Dropout of whole channels."""

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
from layerkit_convolution.windows import check_positions


class SpatialDropoutConfig(DropoutRateConfig):
    """Zeroes whole channels at random in training; ``(..., channels)`` unchanged.

    ``y = x * mask / (1 - rate)`` in training, ``y = x`` otherwise.

    ``mask`` has one element for every channel of an example, the same at all of its pixels or
    steps: 0 with probability ``rate``, else 1, drawn at every step of training. Neighbouring pixels
    are much alike, so that dropping single ones takes away little.

    Attributes
    ----------
    rate
        The fraction of channels dropped, from 0 to below 1; rounded to the nearest 1/256 as by
        ``dropout``.

    Notes
    -----
    As Keras's ``SpatialDropout1D`` and ``SpatialDropout2D``, and PyTorch's ``Dropout1d`` and
    ``Dropout2d``.

    References
    ----------
    Tompson, Goroshin, Jain, LeCun, Bregler (2015), Efficient object localization using
    convolutional networks, section 3.2.
    """

    type: Literal["spatial_dropout"] = "spatial_dropout"

    def plan(self, x: Shape) -> LayerPlan:
        """Return the shape unchanged."""
        check_positions("spatial_dropout", x)
        return LayerPlan(x)

    def traits(self) -> LayerTraits:
        """Return what warnings need to know."""
        return LayerTraits(adds_noise=True)


@final
class SpatialDropout(Layer[SpatialDropoutConfig]):
    """See `SpatialDropoutConfig`."""

    def __init__(self, config: SpatialDropoutConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        *axes, channels = context.input_shape
        self._y = context.training_buffer(context.output_shape)
        self._mask = context.training_buffer((*(1 for _ in axes), channels))
        self._kept = np.zeros(self._mask.shape, np.bool_)
        self._random = RandomBytes(max(self._mask.size, 1))
        self._rate = config.scheduled_rate(context)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Multiply by a new mask of zeros and ``1 / (1 - rate)``; nothing otherwise."""
        if not training:
            return x
        n = len(x)
        kept, mask, y = self._kept[:n], self._mask[:n], self._y[:n]
        dropped = byte_share(self._rate.value)
        random = self._random.refill(self.context.rng, mask.size).reshape(mask.shape)
        np.greater_equal(random, dropped, out=kept)
        np.multiply(kept, 256 / (256 - dropped), out=mask)
        np.multiply(x, mask, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Multiply by the same mask."""
        if self.context.input_grad is None:
            return None
        np.multiply(dy, self._mask[: len(dy)], out=dy)
        return dy
