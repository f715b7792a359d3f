"""The largest value and the mean of every window of a batch of images."""

from __future__ import annotations

import numpy as np

from layerkit.plugin import Array, LayerContext
from layerkit_convolution.frame import Frame
from layerkit_convolution.pixels import copy_pixels
from layerkit_convolution.windows import Slide


class MaxPooling:
    """The largest value of every window, forward and backward.

    Goes through the positions in a window; what all windows have at one of them is a strided
    slice of the images. The slice is copied first: several passes over a strided one cost more.

    Parameters
    ----------
    slides
        The windows down and across; sequences are images of one row.
    context
        Of the layer.
    """

    def __init__(self, slides: tuple[Slide, Slide], context: LayerContext) -> None:
        rows, columns = slides
        self._context = context
        self._image = (rows.length, columns.length, context.input_shape[-1])
        self._slices = _slices(rows, columns)
        self._tiles = rows.tiles and columns.tiles
        self._frame = Frame(slides, self._image[-1], -np.inf, context)
        self._y = context.buffer((rows.count, columns.count, self._image[-1]))
        self._part = np.zeros_like(self._y)
        self._larger = np.zeros(self._y.shape, np.bool_)
        number_type = np.min_scalar_type(len(self._slices) - 1)
        self._position = np.zeros(self._y.shape, number_type)
        self._winner = np.zeros(self._y.shape, number_type)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Keep the largest value so far, and in training the first position that had it."""
        n = len(x)
        y, part, larger = self._y[:n], self._part[:n], self._larger[:n]
        position, winner = self._position[:n], self._winner[:n]
        images = self._frame.around(x.reshape(n, *self._image))
        copy_pixels(images[self._slices[0]], y)
        winner.fill(0)
        for number, where in enumerate(self._slices[1:], 1):
            copy_pixels(images[where], part)
            if training:
                np.greater(part, y, out=larger)
                np.multiply(larger, winner.dtype.type(number), out=position)
                np.maximum(winner, position, out=winner)
            np.maximum(y, part, out=y)
        return y.reshape(n, *self._context.output_shape)

    def backward(self, dy: Array) -> Array | None:
        """Pass each gradient to the element that was the largest."""
        if self._context.input_grad is None:
            return None
        n = len(dy)
        dx, part = self._context.input_grad[:n], self._part[:n]
        dy = dy.reshape(part.shape)
        images = dx.reshape(n, *self._image, copy=False)
        room = self._frame.room(images)
        if not self._tiles:
            room.fill(0)
        for number, where in enumerate(self._slices):
            np.equal(self._winner[:n], number, out=self._larger[:n])
            np.multiply(dy, self._larger[:n], out=part)
            if self._tiles:
                copy_pixels(part, room[where])
            else:
                np.add(room[where], part, out=room[where])
        self._frame.take_out(images)
        return dx


class AveragePooling:
    """The mean of every window, forward and backward; as `MaxPooling` works.

    Parameters
    ----------
    slides
        The windows down and across; sequences are images of one row.
    context
        Of the layer. Of sequences with a mask, only steps that count are values; the others are
        zeros.
    count_padding
        Whether zeros of the padding are values too.
    """

    def __init__(
        self, slides: tuple[Slide, Slide], context: LayerContext, *, count_padding: bool
    ) -> None:
        rows, columns = slides
        self._context = context
        self._image = (rows.length, columns.length, context.input_shape[-1])
        self._slices = _slices(rows, columns)
        self._frame = Frame(slides, self._image[-1], 0.0, context)
        self._y = context.buffer((rows.count, columns.count, self._image[-1]))
        self._part = np.zeros_like(self._y)
        self._mask = context.mask if len(context.input_shape) == 2 else None
        examples = 1 if self._mask is None else context.capacity
        self._counts = np.ones((examples, rows.padded, columns.padded, 1), context.dtype)
        if not count_padding:
            self._counts.fill(0)
        self._counted = self._counts[:, rows.elements, columns.elements]
        self._counted.fill(1)
        self._share: Array = np.zeros((examples, rows.count, columns.count, 1), context.dtype)
        self._find_share(examples)

    def _find_share(self, n: int) -> None:
        """Set what each value of a window counts: 1 / how many values it has."""
        share = self._share[:n]
        share.fill(0)
        for where in self._slices:
            np.add(share, self._counts[:n][where], out=share)
        np.maximum(share, 1, out=share)
        np.divide(1, share, out=share)

    def forward(self, x: Array) -> Array:
        """Add up what windows have at each of their positions."""
        n = len(x)
        y, part = self._y[:n], self._part[:n]
        images = self._frame.around(x.reshape(n, *self._image))
        copy_pixels(images[self._slices[0]], y)
        for where in self._slices[1:]:
            copy_pixels(images[where], part)
            np.add(y, part, out=y)
        if self._mask is not None:
            np.copyto(self._counted[:n], self._mask[:n, np.newaxis, :, np.newaxis])
            self._find_share(n)
        np.multiply(y, self._share[:n], out=y)
        return y.reshape(n, *self._context.output_shape)

    def backward(self, dy: Array) -> Array | None:
        """Pass an equal share of each gradient to every value of its window."""
        if self._context.input_grad is None:
            return None
        n = len(dy)
        dx, part = self._context.input_grad[:n], self._part[:n]
        np.multiply(dy.reshape(part.shape), self._share[:n], out=part)
        images = dx.reshape(n, *self._image, copy=False)
        room = self._frame.room(images)
        room.fill(0)
        for where in self._slices:
            np.add(room[where], part, out=room[where])
        self._frame.take_out(images)
        return dx


def _slices(rows: Slide, columns: Slide) -> list[tuple[slice, slice, slice]]:
    """Return where in a batch of images all windows have each of their elements."""
    return [
        (slice(None), rows.at(i), columns.at(j))
        for i in range(rows.window)
        for j in range(columns.window)
    ]
