"""Copying images whose pixels do not lie side by side."""

from __future__ import annotations

import numpy as np

from layerkit.plugin import Array


def copy_pixels(images: Array, out: Array) -> None:
    """Copy ``(n, rows, columns, channels)``, all channels of a pixel in one piece.

    Value by value, NumPy takes up to three times as long over strided images of a few channels.
    """
    if images.strides[-1] == out.strides[-1] == out.itemsize:
        pixel = np.dtype((np.void, out.shape[-1] * out.itemsize))
        np.copyto(out.view(pixel), images.view(pixel))
    else:
        np.copyto(out, images)
