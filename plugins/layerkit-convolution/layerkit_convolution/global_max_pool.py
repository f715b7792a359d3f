"""Global max pooling."""

from __future__ import annotations

import math
from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, Layer, LayerConfig, LayerContext, LayerPlan, Shape
from layerkit_convolution.cells import CellMaxima
from layerkit_convolution.step_mask import mask_of_values
from layerkit_convolution.windows import check_positions


class GlobalMaxPoolConfig(LayerConfig):
    """The largest value of every channel over all positions: ``(..., channels) -> (channels,)``.

    So over the pixels of an image, or the steps of a sequence; of a sequence with a mask, over the
    steps that count, and 0 if none does. Of several largest values, the first, row by row, gets the
    gradient.

    Notes
    -----
    As Keras's ``GlobalMaxPooling1D`` and ``GlobalMaxPooling2D``, and PyTorch's
    ``AdaptiveMaxPool`` of size 1 with the axes of size 1 taken out.

    References
    ----------
    Lin, Chen, Yan (2014), Network in network, section 3.2.
    """

    type: Literal["global_max_pool"] = "global_max_pool"

    def plan(self, x: Shape) -> LayerPlan:
        """Plan one value for each channel."""
        check_positions("global_max_pool", x)
        return LayerPlan(x[-1:])


@final
class GlobalMaxPool(Layer[GlobalMaxPoolConfig]):
    """See `GlobalMaxPoolConfig`."""

    def __init__(self, config: GlobalMaxPoolConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        *axes, channels = context.input_shape
        positions = math.prod(axes)
        whole = [slice(0, positions)]
        self._pooling = CellMaxima((1, positions, channels), [slice(0, 1)], whole, context)
        if context.mask is not None:
            self._counted = context.buffer(context.input_shape)

    @property
    def mask(self) -> Array | None:
        """None: the output has no steps."""
        return None

    def forward(self, x: Array, *, training: bool) -> Array:
        """Find the largest value of every channel."""
        mask, n = self.context.mask, len(x)
        if mask is None:
            return self._pooling.forward(x)
        counted = self._counted[:n]
        counted.fill(-np.inf)
        np.copyto(counted, x, where=mask_of_values(mask, x) > 0)
        y = self._pooling.forward(counted)
        np.copyto(y, 0, where=np.isneginf(y))
        return y

    def backward(self, dy: Array) -> Array | None:
        """Pass each gradient to the first of the largest values."""
        return self._pooling.backward(dy)
