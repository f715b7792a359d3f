"""Mean and variance of examples that come a batch at a time."""

from __future__ import annotations

import numpy as np

from layerkit.arrays import Array
from layerkit.features import counted_rows


class Moments:
    """Mean and variance of every feature, over examples and all axes but the last.

    All is float64, and measured from the first example, so that a large mean costs no digits and
    a feature that never changes has a variance of exactly 0.

    Parameters
    ----------
    features
        The length of the last axis.

    Attributes
    ----------
    count
        How many values of each feature were added.

    References
    ----------
    Chan, Golub, LeVeque (1983), Algorithms for computing the sample variance: analysis and
    recommendations.
    """

    def __init__(self, features: int) -> None:
        self.count: float = 0
        self._origin: Array = np.zeros(features)
        self._mean: Array = np.zeros(features)
        self._squares: Array = np.zeros(features)

    @property
    def mean(self) -> Array:
        """The mean of every feature; 0 before anything was added."""
        return self._origin + self._mean

    def variance(self, *, unbiased: bool) -> Array:
        """Return the variance of every feature; 0 where there are too few values.

        Parameters
        ----------
        unbiased
            Whether to divide by ``count - 1``, to estimate the variance of what the examples were
            drawn from, rather than by ``count``.
        """
        return self._squares / max(self.count - unbiased, 1)

    def add(self, x: Array, mask: Array | None = None) -> None:
        """Add a batch.

        Parameters
        ----------
        x
            ``(n, ..., features)``; not written.
        mask
            For sequences, 1 for every step that counts, ``(at least n, time)``; ignored where no
            axis of steps is left.
        """
        rows = counted_rows(x, mask)
        if not len(rows):
            return
        if not self.count:
            self._origin = rows[0].astype(np.float64)
        moved = rows - self._origin
        mean: Array = moved.mean(axis=0)
        moved -= mean
        ahead, total = mean - self._mean, self.count + len(rows)
        self._squares += np.square(moved).sum(axis=0)
        self._squares += np.square(ahead) * (self.count * len(rows) / total)
        self._mean += ahead * (len(rows) / total)
        self.count = total
