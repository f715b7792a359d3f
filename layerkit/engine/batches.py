"""Batches: rows of the data, copied into memory that is allocated once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import numpy as np

from layerkit.arrays import Array, FloatType, Targets
from layerkit.contracts.dataset import Examples
from layerkit.randomness import generator

Rows: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


class Batch(NamedTuple):
    """Some examples, in the network's dtype.

    Attributes
    ----------
    inputs, targets
        ``(n, *input_shape)``; ``(n, ...)``.
    weights
        How much each example counts, ``(n,)``; None: all the same.
    """

    inputs: Array
    targets: Targets
    weights: Array | None

    def total_weight(self) -> float:
        """Return how much the examples count together."""
        if self.weights is None:
            return float(len(self.inputs))
        return float(self.weights.sum(dtype=np.float64))


class BatchLoader:
    """Copies chosen rows of some examples into one batch, in the network's dtype.

    Parameters
    ----------
    examples
        Where the rows come from.
    capacity
        The most rows of a batch.
    dtype
        Of the inputs, and of targets that are not class indices.
    scale
        What inputs are multiplied by; see `DataInfo.scale`.
    """

    def __init__(
        self, examples: Examples, capacity: int, dtype: FloatType, scale: float = 1.0
    ) -> None:
        inputs, targets = examples.inputs, examples.targets
        if targets.dtype != np.int64:
            targets = targets.astype(dtype, copy=False)
        self._inputs = inputs
        self._all_targets = targets
        self._x: Array = np.zeros((capacity, *inputs.shape[1:]), dtype)
        self._targets: Targets = np.zeros((capacity, *targets.shape[1:]), targets.dtype)
        plain = inputs.dtype == dtype and scale == 1
        self._raw = None if plain else np.zeros(self._x.shape, inputs.dtype)
        self._scale = dtype.type(scale)
        self._all_weights, self._weights = None, None
        if examples.weights is not None:
            self._all_weights = examples.weights.astype(dtype, copy=False)
            self._weights = np.zeros(capacity, dtype)

    def load(self, rows: Rows) -> Batch:
        """Return the batch of those rows; the next call overwrites it."""
        n = len(rows)
        x, targets, weights = self._x[:n], self._targets[:n], self._weights
        np.take(self._all_targets, rows, axis=0, out=targets, mode="clip")
        if weights is not None and self._all_weights is not None:
            weights = weights[:n]
            np.take(self._all_weights, rows, out=weights, mode="clip")
        if self._raw is None:
            np.take(self._inputs, rows, axis=0, out=x, mode="clip")
            return Batch(x, targets, weights)
        raw = self._raw[:n]
        np.take(self._inputs, rows, axis=0, out=raw, mode="clip")
        np.copyto(x, raw)
        if self._scale != 1:
            np.multiply(x, self._scale, out=x)
        return Batch(x, targets, weights)


def shuffled(rows: Rows, seed: int, epoch: int) -> Rows:
    """Return the rows in the order of that epoch, which depends on nothing but the arguments."""
    return generator(seed, "shuffle", str(epoch)).permutation(rows)


def in_batches(rows: Rows, size: int) -> Iterator[Rows]:
    """Yield consecutive stretches of at most ``size`` rows."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
