"""A frame around images, for windows that reach over their ends."""

from __future__ import annotations

import numpy as np

from layerkit.plugin import Array, LayerContext
from layerkit_convolution.windows import Slide


class Frame:
    """Copies images into larger ones, with the same number all around; without padding, nothing.

    Parameters
    ----------
    slides
        The windows down and across.
    channels
        Of the images.
    fill
        What is around them.
    context
        Of the layer.
    """

    def __init__(
        self, slides: tuple[Slide, Slide], channels: int, fill: float, context: LayerContext
    ) -> None:
        rows, columns = slides
        self._inside = (slice(None), rows.elements, columns.elements)
        self._fill = fill
        self._framed: Array | None = None
        if any(slide.before or slide.after for slide in slides):
            self._framed = context.buffer((rows.padded, columns.padded, channels))

    def around(self, images: Array) -> Array:
        """Return the images with the frame around them."""
        if self._framed is None:
            return images
        framed = self._framed[: len(images)]
        framed.fill(self._fill)
        np.copyto(framed[self._inside], images)
        return framed

    def room(self, images: Array) -> Array:
        """Return memory for framed images; that of the images themselves without a frame."""
        return images if self._framed is None else self._framed[: len(images)]

    def take_out(self, images: Array) -> None:
        """Copy what is within the frame in the memory that `room` returned into ``images``."""
        if self._framed is not None:
            np.copyto(images, self._framed[: len(images)][self._inside])
