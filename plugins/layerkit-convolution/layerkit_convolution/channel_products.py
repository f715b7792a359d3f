"""Products of all windows of a batch of images with a kernel for each channel alone."""

from __future__ import annotations

import numpy as np

from layerkit.plugin import Array, LayerContext
from layerkit_convolution.patches import CHUNK
from layerkit_convolution.windows import Slide


class ChannelProducts:
    """What `WindowProducts` does, for as many groups as channels and filters.

    Groups of one channel leave nothing for a matrix product to share. So this goes through the
    positions in a window, and multiplies what all windows have at one of them by its weight, which
    takes a third of the time.

    Parameters
    ----------
    slides
        The windows down and across.
    channels
        Of the images, and of what is made of them.
    context
        Of the layer that needs them.

    Attributes
    ----------
    kernel, kernel_grad
        ``(channels, height, width, 1, 1)``, to be written before `of` and to be read after
        `find_gradient`.
    bias, bias_grad
        ``(channels, 1)``; zeros at first.
    """

    def __init__(self, slides: tuple[Slide, Slide], channels: int, context: LayerContext) -> None:
        rows, columns = slides
        positions = rows.count * columns.count
        dtype = context.dtype
        self._chunk = min(context.capacity, max(1, CHUNK // (positions * channels)))
        padded: Array = np.zeros((self._chunk, rows.padded, columns.padded, channels), dtype)
        self._images = padded[:, rows.elements, columns.elements]
        places = list(np.ndindex(rows.window, columns.window))
        self._at = [padded[:, rows.at(i), columns.at(j)] for i, j in places]
        self._weight: Array = np.zeros((len(places), channels), dtype)
        self._weight_grad = np.zeros_like(self._weight)
        shape = (rows.window, columns.window, channels, 1, 1)
        self.kernel: Array = self._weight.reshape(shape).transpose(2, 0, 1, 3, 4)
        self.kernel_grad: Array = self._weight_grad.reshape(shape).transpose(2, 0, 1, 3, 4)
        self.bias: Array = np.zeros((channels, 1), dtype)
        self.bias_grad: Array = np.zeros_like(self.bias)
        self._part: Array = np.zeros((self._chunk, rows.count, columns.count, channels), dtype)
        self._ones = np.ones(self._chunk * positions, dtype)
        self._sum: Array = np.zeros(channels, dtype)

    def of(self, x: Array, out: Array) -> None:
        """Write the products of all windows into ``out``, ``(n, rows, columns, channels)``."""
        has_bias = self.bias.any()
        for start in range(0, len(x), self._chunk):
            y = out[start : start + self._chunk]
            n = len(y)
            np.copyto(self._images[:n], x[start : start + n])
            np.multiply(self._at[0][:n], self._weight[0], out=y)
            for images, weight in zip(self._at[1:], self._weight[1:], strict=True):
                np.multiply(images[:n], weight, out=self._part[:n])
                np.add(y, self._part[:n], out=y)
            if has_bias:
                np.add(y, self.bias[:, 0], out=y)

    def find_gradient(self, x: Array, dy: Array) -> None:
        """Write the gradients of kernel and bias, sums over all windows."""
        self._weight_grad.fill(0)
        self.bias_grad.fill(0)
        for start in range(0, len(x), self._chunk):
            some = dy[start : start + self._chunk]
            n = len(some)
            np.copyto(self._images[:n], x[start : start + n])
            self._add_sum(some, self.bias_grad[:, 0])
            for images, grad in zip(self._at, self._weight_grad, strict=True):
                np.multiply(images[:n], some, out=self._part[:n])
                self._add_sum(self._part[:n], grad)

    def _add_sum(self, images: Array, total: Array) -> None:
        """Add the sum over all pixels to ``(channels,)``."""
        pixels = images.reshape(-1, images.shape[-1])
        np.matmul(self._ones[: len(pixels)], pixels, out=self._sum)
        np.add(total, self._sum, out=total)
