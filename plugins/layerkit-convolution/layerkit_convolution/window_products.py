"""Products of all windows of a batch of images with a kernel: the work of every convolution."""

from __future__ import annotations

import numpy as np

from layerkit.plugin import Array, LayerContext
from layerkit_convolution.patches import Patches
from layerkit_convolution.windows import Slide

SMALL = 10**6
"""Multiplications up to which OpenBLAS is faster, so that images are multiplied one by one."""


class WindowProducts:
    """``y = sum over a window of x @ kernel, plus bias``, for every window and group of channels.

    Patches are multiplied by one matrix a group: the kernel, and the bias as its last row.

    Parameters
    ----------
    slides
        The windows down and across.
    channels, filters
        Of the images, and how many numbers are made of every window.
    groups
        Equal parts of the channels, each of which makes an equal part of the filters.
    context
        Of the layer that needs them.

    Attributes
    ----------
    kernel, kernel_grad
        ``(groups, height, width, channels / groups, filters / groups)``, to be written before `of`
        and to be read after `find_gradient`.
    bias, bias_grad
        ``(groups, filters / groups)``; zeros at first.
    """

    def __init__(
        self,
        slides: tuple[Slide, Slide],
        channels: int,
        filters: int,
        groups: int,
        context: LayerContext,
    ) -> None:
        rows, columns = slides
        self._patches = Patches(rows, columns, channels, context, groups)
        positions, values = self._patches.positions, self._patches.values
        self._split = (positions, groups, filters // groups)
        self._matrix: Array = np.zeros((groups, 1, values, filters // groups), context.dtype)
        self._matrix_grad: Array = np.zeros((groups, values, filters // groups), context.dtype)
        shape = (groups, rows.window, columns.window, channels // groups, filters // groups)
        self.kernel: Array = self._matrix[:, 0, :-1].reshape(shape, copy=False)
        self.bias: Array = self._matrix[:, 0, -1]
        self.kernel_grad: Array = self._matrix_grad[:, :-1].reshape(shape, copy=False)
        self.bias_grad: Array = self._matrix_grad[:, -1]
        self._one_by_one = groups > 1 or positions * values * filters <= SMALL
        images = self._patches.chunk if self._one_by_one else 1
        self._products: Array = np.zeros(
            (groups, images if context.trains else 0, values, filters // groups), context.dtype
        )
        self._product = np.zeros_like(self._matrix_grad)

    def of(self, x: Array, out: Array) -> None:
        """Write the products of all windows of ``x`` into ``out``, ``(n, rows, columns, filters)``.

        ``out`` is contiguous.
        """
        y = self._by_group(out)
        for images, patches in self._patches.of(x):
            np.matmul(patches, self._matrix, out=y[:, images])

    def find_gradient(self, x: Array, dy: Array) -> None:
        """Write the gradients of kernel and bias, ``sum over patches of patch.T @ dy``.

        ``x`` is what `of` was given last.
        """
        self._matrix_grad.fill(0)
        by_group = self._by_group(dy)
        for images, patches in self._patches.again(x):
            self._add_product(patches, by_group[:, images])

    def _by_group(self, y: Array) -> Array:
        """Return a batch as ``(groups, n, positions, filters / groups)``."""
        return y.reshape(len(y), *self._split).transpose(2, 0, 1, 3)

    def _add_product(self, patches: Array, dy: Array) -> None:
        """Add ``patches.T @ dy``, over all images, to the gradient of the matrix."""
        if not self._one_by_one:
            patches = patches.reshape(1, 1, -1, patches.shape[-1])
            dy = dy.reshape(1, 1, -1, dy.shape[-1])
        products = self._products[:, : dy.shape[1]]
        np.matmul(patches.transpose(0, 1, 3, 2), dy, out=products)
        np.sum(products, axis=1, out=self._product)
        np.add(self._matrix_grad, self._product, out=self._matrix_grad)
