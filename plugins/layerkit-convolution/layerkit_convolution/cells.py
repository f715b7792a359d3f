"""The largest value and the mean of parts of images that cover them, however large they are."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from layerkit.plugin import Array, LayerContext, Shape

Flags: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def as_image(x: Shape) -> tuple[int, int, int]:
    """Return the shape of an image; a sequence is one of one row."""
    return (1, x[0], x[1]) if len(x) == 2 else (x[0], x[1], x[2])


def cells(length: int, count: int) -> list[slice]:
    """Return ``count`` parts of an axis: from ``floor(i * length / count)`` to the next one's ceil.

    They are of nearly equal length and cover the axis; neighbours overlap by one element where
    ``count`` does not divide ``length``.
    """
    return [slice(i * length // count, -(-(i + 1) * length // count)) for i in range(count)]


class CellAverages:
    """The mean of every part of a batch of images, forward and backward.

    Parameters
    ----------
    image
        Height, width and channels of the images; sequences are images of one row.
    rows, columns
        The parts.
    context
        Of the layer.
    """

    def __init__(
        self,
        image: tuple[int, int, int],
        rows: list[slice],
        columns: list[slice],
        context: LayerContext,
    ) -> None:
        self._context = context
        self._image = image
        self._rows, self._columns = rows, columns
        self._y = context.buffer((len(rows), len(columns), image[-1]))
        self._share: Array = np.zeros((len(rows), len(columns), 1), context.dtype)
        for i, row in enumerate(rows):
            for j, column in enumerate(columns):
                self._share[i, j] = 1 / (_length(row) * _length(column))
        self._spread = np.zeros_like(self._y)

    def forward(self, x: Array) -> Array:
        """Add up every part and divide by its size."""
        n = len(x)
        images, y = x.reshape(n, *self._image), self._y[:n]
        for i, row in enumerate(self._rows):
            for j, column in enumerate(self._columns):
                np.sum(images[:, row, column], axis=(1, 2), out=y[:, i, j])
        np.multiply(y, self._share, out=y)
        return y.reshape(n, *self._context.output_shape)

    def backward(self, dy: Array) -> Array | None:
        """Pass an equal share of each gradient to every value of its part."""
        if self._context.input_grad is None:
            return None
        n = len(dy)
        dx, spread = self._context.input_grad[:n], self._spread[:n]
        images = dx.reshape(n, *self._image, copy=False)
        images.fill(0)
        np.multiply(dy.reshape(spread.shape), self._share, out=spread)
        for i, row in enumerate(self._rows):
            for j, column in enumerate(self._columns):
                part = images[:, row, column]
                np.add(part, spread[:, i : i + 1, j : j + 1], out=part)
        return dx


class CellMaxima:
    """The largest value of every part of a batch of images, forward and backward.

    Of several largest values, the first, row by row, gets the gradient.

    Parameters
    ----------
    image
        Height, width and channels of the images; sequences are images of one row.
    rows, columns
        The parts.
    context
        Of the layer.
    """

    def __init__(
        self,
        image: tuple[int, int, int],
        rows: list[slice],
        columns: list[slice],
        context: LayerContext,
    ) -> None:
        self._context = context
        self._image = image
        self._rows, self._columns = rows, columns
        self._y = context.buffer((len(rows), len(columns), image[-1]))
        self._x = self._y
        largest = max(map(_length, rows)) * max(map(_length, columns))
        size = (context.capacity if context.input_grad is not None else 0, largest, image[-1])
        self._is_largest = np.zeros(size, np.bool_)
        self._is_seen = np.zeros(size, np.bool_)
        self._passed: Array = np.zeros(size, context.dtype)

    def forward(self, x: Array) -> Array:
        """Find the largest value of every part."""
        n = len(x)
        self._x = x.reshape(n, *self._image)
        y = self._y[:n]
        for i, row in enumerate(self._rows):
            for j, column in enumerate(self._columns):
                np.max(self._x[:, row, column], axis=(1, 2), out=y[:, i, j])
        return y.reshape(n, *self._context.output_shape)

    def backward(self, dy: Array) -> Array | None:
        """Pass each gradient to the first of the largest values."""
        if self._context.input_grad is None:
            return None
        n = len(dy)
        dx, dy = self._context.input_grad[:n], dy.reshape(n, *self._y.shape[1:])
        images = dx.reshape(n, *self._image, copy=False)
        images.fill(0)
        for i, row in enumerate(self._rows):
            for j, column in enumerate(self._columns):
                part, place = images[:, row, column], (slice(n), slice(i, i + 1), slice(j, j + 1))
                size = part.shape[1] * part.shape[2]
                is_largest, passed = self._is_largest[:n, :size], self._passed[:n, :size]
                np.equal(
                    self._x[:, row, column],
                    self._y[place],
                    out=is_largest.reshape(part.shape, copy=False),
                )
                _keep_first(is_largest, self._is_seen[:n, :size])
                np.multiply(is_largest, dy[:, i, j, np.newaxis], out=passed)
                np.add(part, passed.reshape(part.shape, copy=False), out=part)
        return dx


def _length(part: slice) -> int:
    return int(part.stop) - int(part.start)


def _keep_first(flags: Flags, seen: Flags) -> None:
    """Clear all flags along axis 1 but the first, ``(n, m, channels)``."""
    np.logical_or.accumulate(flags, axis=1, out=seen)
    np.greater(flags[:, 1:], seen[:, :-1], out=flags[:, 1:])
