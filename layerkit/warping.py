"""Images looked up at other positions, with bilinear interpolation."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np

from layerkit.arrays import Array, FloatType, Shape

Positions: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


class Warp:
    """``y[i, j] = x[rows[i, j], columns[i, j]]``, between pixels by bilinear interpolation.

    Outside the image everything is 0. For fixed positions that is a linear map of the image, and
    the gradient its transpose.

    Parameters
    ----------
    capacity
        The most images of a batch.
    shape
        Of an image, ``(height, width, channels)``.
    dtype
        Of the images.

    Attributes
    ----------
    rows, columns
        ``(capacity, height, width)`` in float64: the positions to look up, to be written before
        every `apply`, which overwrites them.
    """

    def __init__(self, capacity: int, shape: Shape, dtype: FloatType) -> None:
        height, width, channels = shape
        grid = (capacity, height, width)
        self._size = height, width
        self.rows: Array = np.zeros(grid)
        self.columns: Array = np.zeros(grid)
        self._floor: Array = np.zeros(grid)
        self._share: Array = np.zeros(grid)
        self._weight: Array = np.zeros((*grid, 1), dtype)
        self._at = np.zeros(grid, np.int64)
        self._corner = np.zeros(grid, np.int64)
        # A border of zeros stands for all that is outside.
        self._padded: Array = np.zeros((capacity, height + 2, width + 2, channels), dtype)
        self._inside = self._padded[:, 1:-1, 1:-1]
        self._values: Array = np.zeros((*grid, channels), dtype)
        self._starts = np.arange(capacity)[:, np.newaxis, np.newaxis] * (height + 2) * (width + 2)
        self._corners = ((0, 0), (0, 1), (1, 0), (1, 1))

    def apply(self, x: Array, y: Array) -> None:
        """Look every pixel up in ``x``, and write it into ``y``, both ``(n, *shape)``."""
        n = len(x)
        height, width = self._size
        rows, columns, at, floor = self.rows[:n], self.columns[:n], self._at[:n], self._floor[:n]
        np.copyto(at, self._starts[:n])
        for position, length, step in ((rows, height, width + 2), (columns, width, 1)):
            np.clip(position, -1, length, out=position)
            np.floor(position, out=floor)
            np.minimum(floor, length - 1, out=floor)
            np.subtract(position, floor, out=position)
            np.add(floor, 1, out=floor)  # the border
            np.multiply(floor, step, out=floor)
            corner = self._corner[:n]
            np.copyto(corner, floor, casting="unsafe")
            np.add(at, corner, out=at)
        np.copyto(self._inside[:n], x)
        channels = x.shape[-1]
        pixels, values = self._padded.reshape(-1, channels), self._values[:n]
        y.fill(0)
        for down, right in self._corners:
            corner, weight = self._at_corner(n, down, right)
            np.take(pixels, corner, axis=0, out=values, mode="clip")
            np.multiply(values, weight, out=values)
            np.add(y, values, out=y)

    def apply_gradient(self, dy: Array, dx: Array) -> None:
        """Write the gradient with respect to the last images into ``dx``."""
        n, channels = len(dy), dy.shape[-1]
        padded, values = self._padded, self._values[:n]
        pixels = padded.reshape(-1)
        padded.fill(0)
        for down, right in self._corners:
            corner, weight = self._at_corner(n, down, right)
            np.multiply(dy, weight, out=values)
            np.multiply(corner, channels, out=corner)
            for channel in range(channels):
                np.add.at(pixels, corner.reshape(-1), values[..., channel].reshape(-1))
                np.add(corner, 1, out=corner)
        np.copyto(dx, self._inside[:n])
        for border in (padded[:, 0], padded[:, -1], padded[:, :, 0], padded[:, :, -1]):
            border.fill(0)

    def _at_corner(self, n: int, down: int, right: int) -> tuple[Positions, Array]:
        """Return where each pixel has one of its four neighbours, and how much that counts."""
        corner, share, weight = self._corner[:n], self._share[:n], self._weight[:n]
        _, width = self._size
        np.add(self._at[:n], down * (width + 2) + right, out=corner)
        of_row, of_column = self.rows[:n], self.columns[:n]
        np.copyto(share, of_row)
        if not down:
            np.subtract(1, share, out=share)
        np.multiply(share, of_column, out=self._floor[:n])
        if right:
            np.copyto(share, self._floor[:n])
        else:
            np.subtract(share, self._floor[:n], out=share)
        np.copyto(weight[..., 0], share, casting="same_kind")
        return corner, weight


def smoothing_matrix(length: int, sigma: float) -> Array:
    """Return the matrix that smooths a line of pixels with a Gaussian; outside everything is 0.

    Parameters
    ----------
    length
        Of the line.
    sigma
        Standard deviation of the Gaussian, in pixels, above 0.
    """
    reach = np.arange(-math.ceil(8 * sigma), math.ceil(8 * sigma) + 1)
    total = np.exp(-np.square(reach / sigma) / 2).sum()
    places = np.arange(length)
    apart = places - places[:, np.newaxis]
    matrix: Array = np.exp(-np.square(apart / sigma) / 2) / total
    return matrix
