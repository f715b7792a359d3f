"""Global average pooling."""

from __future__ import annotations

import math
from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, Layer, LayerConfig, LayerContext, LayerPlan, Shape
from layerkit_convolution.cells import CellAverages
from layerkit_convolution.step_mask import mask_of_values
from layerkit_convolution.windows import check_positions


class GlobalAveragePoolConfig(LayerConfig):
    """The mean of every channel over all positions: ``(..., channels) -> (channels,)``.

    So over the pixels of an image, or the steps of a sequence; of a sequence with a mask, over the
    steps that count, and 0 if none does.

    Notes
    -----
    As Keras's ``GlobalAveragePooling1D`` and ``GlobalAveragePooling2D``, and PyTorch's
    ``AdaptiveAvgPool`` of size 1 with the axes of size 1 taken out.

    References
    ----------
    Lin, Chen, Yan (2014), Network in network, section 3.2.
    """

    type: Literal["global_average_pool"] = "global_average_pool"

    def plan(self, x: Shape) -> LayerPlan:
        """Plan one value for each channel."""
        check_positions("global_average_pool", x)
        return LayerPlan(x[-1:])


@final
class GlobalAveragePool(Layer[GlobalAveragePoolConfig]):
    """See `GlobalAveragePoolConfig`."""

    def __init__(self, config: GlobalAveragePoolConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        *axes, channels = context.input_shape
        positions = math.prod(axes)
        whole = [slice(0, positions)]
        self._pooling = CellAverages((1, positions, channels), [slice(0, 1)], whole, context)
        if context.mask is not None:
            self._counted = context.buffer(context.input_shape)
            self._share: Array = np.zeros((context.capacity, 1), context.dtype)
            self._shared: Array = np.zeros((context.capacity, channels), context.dtype)

    @property
    def mask(self) -> Array | None:
        """None: the output has no steps."""
        return None

    def forward(self, x: Array, *, training: bool) -> Array:
        """Find the mean of every channel."""
        mask, n = self.context.mask, len(x)
        if mask is None:
            return self._pooling.forward(x)
        counted, share = self._counted[:n], self._share[:n]
        np.multiply(x, mask_of_values(mask, x), out=counted)
        np.sum(mask[:n], axis=1, keepdims=True, out=share)
        np.maximum(share, 1, out=share)
        np.divide(mask.shape[1], share, out=share)
        y = self._pooling.forward(counted)
        np.multiply(y, share, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Pass an equal share of each gradient to every value that counts."""
        mask, n = self.context.mask, len(dy)
        if mask is None:
            return self._pooling.backward(dy)
        np.multiply(dy, self._share[:n], out=self._shared[:n])
        dx = self._pooling.backward(self._shared[:n])
        if dx is not None:
            np.multiply(dx, mask_of_values(mask, dx), out=dx)
        return dx
