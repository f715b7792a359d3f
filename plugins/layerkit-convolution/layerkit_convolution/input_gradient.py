"""The gradient of a convolution with respect to its input, which is a convolution too."""

from __future__ import annotations

import numpy as np

from layerkit.plugin import Array, LayerContext
from layerkit_convolution.patches import Patches
from layerkit_convolution.windows import Slide


class InputGradient:
    """``dy``, with ``stride - 1`` zeros between its elements, convolved with the kernel reversed.

    Parameters
    ----------
    rows, columns
        Windows of the convolution.
    weight
        Of the convolution, ``(kernel height, kernel width, channels, filters)``.
    context
        Of the convolution.
    dx
        Where to write the gradient: the context's `input_grad`.

    References
    ----------
    Dumoulin, Visin (2016), A guide to convolution arithmetic for deep learning, chapter 4.
    """

    def __init__(
        self, rows: Slide, columns: Slide, weight: Array, context: LayerContext, dx: Array
    ) -> None:
        height, width, channels, filters = weight.shape
        self._weight = weight
        self._dx = dx
        self._patches = Patches(rows.reversed(), columns.reversed(), filters, context)
        self._matrix: Array = np.zeros((self._patches.values, channels), context.dtype)
        self._kernel = self._matrix[:-1].reshape(height, width, filters, channels)

    def of(self, dy: Array) -> Array:
        """Return the gradient with respect to the input, given that with respect to the output."""
        dx = self._dx[: len(dy)]
        flat = dx.reshape(len(dx), -1, dx.shape[-1])
        self._kernel[...] = self._weight[::-1, ::-1].transpose(0, 1, 3, 2)
        for rows, patches in self._patches.of(dy):
            np.matmul(patches, self._matrix, out=flat[rows])
        return dx
