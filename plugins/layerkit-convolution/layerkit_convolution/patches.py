"""The pixels in every window of a batch of images, laid out for matrix products."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from layerkit.plugin import Array, LayerContext
from layerkit_convolution.windows import Slide

CHUNK = 2**18
"""Values laid out at a time: 1 MiB of float32, which stay in cache until they are multiplied."""


class Patches:
    """Copies the pixels of every window side by side, a few images at a time ("im2col").

    Parameters
    ----------
    rows, columns
        The windows.
    channels
        Of the images.
    context
        Of the layer that needs them.
    groups
        How many groups of channels are laid out, each for itself.

    Attributes
    ----------
    positions
        Windows over an image.
    values
        Numbers in a patch: the pixels in the window, row by row, and a 1 to multiply a bias by.
    chunk
        The most images laid out at a time.

    References
    ----------
    Chellapilla, Puri, Simard (2006), High performance convolutional neural networks for document
    processing.
    """

    def __init__(
        self, rows: Slide, columns: Slide, channels: int, context: LayerContext, groups: int = 1
    ) -> None:
        channels //= groups
        self.positions: int = rows.count * columns.count
        self.values: int = rows.window * columns.window * channels + 1
        size = groups * self.positions * self.values
        self.chunk: int = min(context.capacity, max(1, CHUNK // size))
        padded: Array = np.zeros(
            (self.chunk, rows.padded, columns.padded, groups, channels), context.dtype
        )
        inside = padded[:, rows.elements, columns.elements]
        self._images = inside.reshape(*inside.shape[:3], -1, copy=False)
        self._patches: Array = np.ones(
            (groups, self.chunk, self.positions, self.values), context.dtype
        )
        windows = sliding_window_view(padded, (rows.reach, columns.reach), axis=(1, 2))
        windows = windows[
            :, :: rows.stride, :: columns.stride, :, :, :: rows.dilation, :: columns.dilation
        ].transpose(3, 0, 1, 2, 5, 6, 4)
        patches = self._patches[..., :-1].reshape(windows.shape, copy=False)
        self._copies = [(patches, windows)]
        if channels == 1:  # few numbers lie side by side: copying offset by offset is faster
            self._copies = [
                (patches[..., i, j, :], windows[..., i, j, :])
                for i in range(rows.window)
                for j in range(columns.window)
            ]

    def of(self, images: Array) -> Iterator[tuple[slice, Array]]:
        """Yield stretches of the batch and their patches, ``(groups, n, positions, values)``.

        The next patches overwrite the last.
        """
        for start in range(0, len(images), self.chunk):
            yield self._lay_out(images, start)

    def again(self, images: Array) -> Iterator[tuple[slice, Array]]:
        """Yield what `of` yielded for the same images, which were the last that it was given."""
        if len(images) <= self.chunk:
            yield slice(0, len(images)), self._patches[:, : len(images)]
        else:
            yield from self.of(images)

    def _lay_out(self, images: Array, start: int) -> tuple[slice, Array]:
        some = images[start : start + self.chunk]
        n = len(some)
        np.copyto(self._images[:n], some)
        for patches, windows in self._copies:
            np.copyto(patches[:, :n], windows[:, :n])
        return slice(start, start + n), self._patches[:, :n]
