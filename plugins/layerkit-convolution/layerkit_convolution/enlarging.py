"""Images with more pixels: each repeated, or others put between them."""

from __future__ import annotations

import numpy as np

from layerkit.plugin import Array, FloatType, LayerContext
from layerkit_convolution.cells import as_image


class Repetition:
    """Every pixel as a rectangle of equal ones.

    Parameters
    ----------
    factors
        How many rows and columns are made of each.
    context
        Of the layer.
    """

    def __init__(self, factors: tuple[int, int], context: LayerContext) -> None:
        self._context = context
        height, width, channels = as_image(context.input_shape)
        self._image = (height, 1, width, 1, channels)
        self._larger = (height, factors[0], width, factors[1], channels)
        self._y = context.buffer(self._larger)

    def forward(self, x: Array) -> Array:
        """Copy every pixel into its rectangle."""
        n = len(x)
        np.copyto(self._y[:n], x.reshape(n, *self._image))
        return self._y[:n].reshape(n, *self._context.output_shape)

    def backward(self, dy: Array) -> Array | None:
        """Add up the gradients of every rectangle."""
        if self._context.input_grad is None:
            return None
        n = len(dy)
        dx = self._context.input_grad[:n]
        images = dx.reshape(n, *self._image, copy=False)
        np.sum(dy.reshape(n, *self._larger), axis=(2, 4), keepdims=True, out=images)
        return dx


class Interpolation:
    """Bilinear interpolation, as a product with a matrix for each of both axes.

    Parameters
    ----------
    factors
        How many rows and columns are made of each.
    context
        Of the layer.
    """

    def __init__(self, factors: tuple[int, int], context: LayerContext) -> None:
        self._context = context
        height, width, channels = as_image(context.input_shape)
        self._image = (height, width, channels)
        self._rows = _between(height, factors[0], context.dtype)
        self._columns = _between(width, factors[1], context.dtype)
        self._tall = context.buffer((height * factors[0], width, channels))
        self._y = context.buffer((height * factors[0], width * factors[1], channels))

    def forward(self, x: Array) -> Array:
        """Multiply columns by one matrix, then rows by the other."""
        n, tall = len(x), self._tall[: len(x)]
        height = self._image[0]
        np.matmul(self._rows, x.reshape(n, height, -1), out=_flat(tall))
        np.matmul(self._columns, tall, out=self._y[:n])
        return self._y[:n].reshape(n, *self._context.output_shape)

    def backward(self, dy: Array) -> Array | None:
        """Multiply by the transposed matrices, in the other order."""
        if self._context.input_grad is None:
            return None
        n, tall = len(dy), self._tall[: len(dy)]
        dx = self._context.input_grad[:n]
        np.matmul(self._columns.T, dy.reshape(n, *self._y.shape[1:]), out=tall)
        images = dx.reshape(n, self._image[0], -1, copy=False)
        np.matmul(self._rows.T, _flat(tall), out=images)
        return dx


def _flat(images: Array) -> Array:
    """Return a view of images with columns and channels in one axis."""
    return images.reshape(*images.shape[:2], -1, copy=False)


def _between(length: int, factor: int, dtype: FloatType) -> Array:
    """Return ``(length * factor, length)`` weights of every element in every new one."""
    places = np.clip((np.arange(length * factor) + 0.5) / factor - 0.5, 0, length - 1)
    distances = np.abs(places[:, np.newaxis] - np.arange(length))
    weights: Array = np.zeros(distances.shape, dtype)
    np.maximum(1 - distances, 0, out=weights, casting="same_kind")
    return weights
