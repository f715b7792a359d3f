"""The order in which peers visit the training images: shuffled anew for every pass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np

Rows: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


class Order:
    """Deals out rows, full batches only, from one shuffle after another.

    Parameters
    ----------
    examples
        How many rows there are.
    batch
        Rows of a batch, at most as many.
    """

    def __init__(self, examples: int, batch: int) -> None:
        self._examples = examples
        self._batch = batch
        self._rng = np.random.default_rng(7)
        self._rows = self._shuffled()

    def batches(self, count: int) -> Iterator[Rows]:
        """Yield the rows of that many batches."""
        for _ in range(count):
            if len(self._rows) < self._batch:
                self._rows = self._shuffled()
            rows, self._rows = self._rows[: self._batch], self._rows[self._batch :]
            yield rows

    def _shuffled(self) -> Rows:
        return self._rng.permutation(self._examples)
