"""What layers fitted on the training examples share: values by feature, and scaling by feature."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from layerkit.arrays import Array, Shape


def counted_rows(x: Array, mask: Array | None) -> Array:
    """Return a row for every position of a batch whose step counts.

    Parameters
    ----------
    x
        ``(n, ..., features)``; not written.
    mask
        For sequences, 1 for every step that counts, ``(at least n, time)``. Ignored where no axis
        of steps is left, ``(n, features)``.

    Returns
    -------
    Array
        ``(rows, features)``; without a mask a view of ``x``, if NumPy can make one.
    """
    rows = x.reshape(-1, x.shape[-1])
    if mask is None or x.ndim < 3:
        return rows
    steps = mask[: len(x)].reshape(-1)
    return rows[np.repeat(steps, len(rows) // max(len(steps), 1)) > 0]


def sorted_values(
    batches: Callable[[], Iterable[Array]], features: int, mask: Array | None = None
) -> Sequence[Array]:
    """Return all values of every feature, in ascending order, without those that are missing (nan).

    Goes over the batches twice, so that memory for all values is allocated once: as many numbers
    as there are examples, positions and features.

    Parameters
    ----------
    batches
        What a layer's ``adapt`` gets: ``(n, ..., features)`` each.
    features
        The length of the last axis.
    mask
        As that of `counted_rows`.
    """
    count = 0
    like: Array = np.zeros(0)
    for x in batches():
        count, like = count + len(counted_rows(x, mask)), x
    values: Array = np.zeros((features, count), like.dtype)
    start = 0
    for x in batches():
        rows = counted_rows(x, mask)
        values[:, start : start + len(rows)] = rows.T
        start += len(rows)
    values.sort(axis=1)  # nan comes last
    return [row[: count - int(np.count_nonzero(np.isnan(row)))] for row in values]


class FeatureScaling:
    """``y = lower + (x - origin) * width / spread`` for every feature.

    A feature that never varies gives ``lower``.

    Parameters
    ----------
    origin, spread
        ``(features,)`` each, state of the layer; read at every call. A spread of 0 is that of a
        feature that was the same in all training examples.
    shape
        Per-example shape of inputs and outputs, features last.
    lower, width
        What ``x = origin`` becomes, and how far apart values are that were ``spread`` apart.
    """

    def __init__(
        self, origin: Array, spread: Array, shape: Shape, lower: float = 0.0, width: float = 1.0
    ) -> None:
        self._origin = origin
        self._spread = spread
        self._lower = lower
        self._width = width
        self._factor: Array = np.zeros_like(spread)
        self._varies = np.zeros(spread.shape, np.bool_)
        self._least = np.finfo(spread.dtype).tiny
        self._example: Array = np.zeros(shape, spread.dtype)

    def apply(self, x: Array, out: Array) -> None:
        """Write the scaled inputs into ``out``."""
        # Below the least normal number there is no reciprocal, and nothing but rounding errors.
        np.greater_equal(self._spread, self._least, out=self._varies)
        self._factor.fill(0)
        np.divide(self._width, self._spread, out=self._factor, where=self._varies)
        np.subtract(x, self._everywhere(self._origin), out=out)
        np.multiply(out, self._everywhere(self._factor), out=out)
        if self._lower:
            np.add(out, self._lower, out=out)

    def apply_gradient(self, dy: Array) -> Array:
        """Return the gradient with respect to the last inputs, in place of ``dy``."""
        np.multiply(dy, self._everywhere(self._factor), out=dy)
        return dy

    def _everywhere(self, vector: Array) -> Array:
        """Return a value per feature at every position of an example; the next call overwrites it.

        A pass over a batch of images with few channels is several times as fast this way.
        """
        np.copyto(self._example, vector)
        return self._example
