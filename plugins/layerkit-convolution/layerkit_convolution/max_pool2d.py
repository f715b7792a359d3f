"""Max pooling of images."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, Layer, LayerConfig, LayerContext, LayerPlan, Shape
from layerkit_convolution.pixels import copy_pixels
from layerkit_convolution.windows import Size, Slide, check_fits, check_image, height_and_width


class MaxPool2dConfig(LayerConfig):
    """The largest value in every window, channel by channel.

    ``(height, width, channels) -> (rows, columns, channels)``, where
    ``rows = (height - size) // stride + 1``; rows and columns that fill no window are left out.
    Of several largest values, the first, row by row, gets the gradient.

    Attributes
    ----------
    size
        Height and width of the windows, or one number for both.
    stride
        Steps down and across from one window to the next, or one number for both; by default
        ``size``, so that windows do not overlap.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), Deep Learning, section 9.3.
    """

    type: Literal["max_pool2d"] = "max_pool2d"
    size: Size = 2
    stride: Size | None = None

    def plan(self, x: Shape) -> LayerPlan:
        """Plan one value per window and channel."""
        check_image("max_pool2d", x)
        rows, columns = self.slides(x)
        check_fits("max_pool2d", rows, columns)
        return LayerPlan((rows.count, columns.count, x[2]))

    def slides(self, x: Shape) -> tuple[Slide, Slide]:
        """Return the windows down and across an image."""
        size = height_and_width(self.size)
        stride = size if self.stride is None else height_and_width(self.stride)
        return Slide(x[0], size[0], stride[0]), Slide(x[1], size[1], stride[1])


@final
class MaxPool2d(Layer[MaxPool2dConfig]):
    """See `MaxPool2dConfig`.

    Goes through the positions in a window; what all windows have at one of them is a strided
    slice of the images. The slice is copied first: several passes over a strided one cost more.
    """

    def __init__(self, config: MaxPool2dConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        rows, columns = config.slides(context.input_shape)
        self._slices = [
            (slice(None), rows.at(i), columns.at(j))
            for i in range(rows.window)
            for j in range(columns.window)
        ]
        self._tiles = rows.tiles and columns.tiles
        self._y = context.buffer(context.output_shape)
        self._part = context.buffer(context.output_shape)
        self._larger = np.zeros(self._y.shape, np.bool_)
        number_type = np.min_scalar_type(len(self._slices) - 1)
        self._position = np.zeros(self._y.shape, number_type)
        self._winner = np.zeros(self._y.shape, number_type)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Keep the largest value so far, and in training the first position that had it."""
        n = len(x)
        y, part, larger = self._y[:n], self._part[:n], self._larger[:n]
        position, winner = self._position[:n], self._winner[:n]
        copy_pixels(x[self._slices[0]], y)
        winner.fill(0)
        for number, where in enumerate(self._slices[1:], 1):
            copy_pixels(x[where], part)
            if training:
                np.greater(part, y, out=larger)
                np.multiply(larger, winner.dtype.type(number), out=position)
                np.maximum(winner, position, out=winner)
            np.maximum(y, part, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Pass each gradient to the element that was the largest."""
        if self.context.input_grad is None:
            return None
        n = len(dy)
        dx, part = self.context.input_grad[:n], self._part[:n]
        if not self._tiles:
            dx.fill(0)
        for number, where in enumerate(self._slices):
            np.equal(self._winner[:n], number, out=self._larger[:n])
            np.multiply(dy, self._larger[:n], out=part)
            if self._tiles:
                copy_pixels(part, dx[where])
            else:
                np.add(dx[where], part, out=dx[where])
        return dx
