"""Batches: rows of the data, copied into memory that is allocated once."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle
from typing import NamedTuple, TypeAlias

import numpy as np

from layerkit.arrays import Array, FloatType, Targets, Values
from layerkit.contracts.dataset import Examples
from layerkit.formats.row_file import RowFile
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


@dataclass(frozen=True, slots=True)
class _Buffers:
    """The memory of one batch."""

    inputs: Array
    targets: Targets
    weights: Array | None


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
        inputs, targets, weights = examples.inputs, examples.targets, examples.weights
        if targets.dtype != np.int64 and examples.target_rows is None:
            targets = targets.astype(dtype, copy=False)
        self._examples, self._capacity, self._dtype = examples, capacity, dtype
        self._inputs, self._targets = inputs, targets
        self._weights = None if weights is None else weights.astype(dtype, copy=False)
        self._scale = dtype.type(scale)
        plain = inputs.dtype == dtype and scale == 1
        self._raw = None if plain else np.zeros((capacity, *inputs.shape[1:]), inputs.dtype)
        plain = targets.dtype in (dtype, np.int64)
        shape = (capacity, *targets.shape[1:])
        self._raw_targets = None if plain else np.zeros(shape, targets.dtype)
        self._buffers = self._allocated()

    def _allocated(self) -> _Buffers:
        targets, capacity = self._targets, self._capacity
        dtype = self._dtype if targets.dtype.kind == "f" else np.dtype(np.int64)
        return _Buffers(
            np.zeros((capacity, *self._inputs.shape[1:]), self._dtype),
            np.zeros((capacity, *targets.shape[1:]), dtype),
            None if self._weights is None else np.zeros(capacity, self._dtype),
        )

    def load(self, rows: Rows) -> Batch:
        """Return the batch of those rows; the next call overwrites it."""
        return self._loaded(rows, self._buffers)

    def batches(self, stretches: Iterable[Rows]) -> Generator[Batch]:
        """Yield the batch of every stretch of rows; the next one overwrites it.

        Where rows are read from files, a thread reads those of the next batch while the caller
        works on this one. An error of reading them is raised when their turn comes.
        """
        if not self._examples.is_mapped:
            for rows in stretches:
                yield self.load(rows)
            return
        buffers = cycle((self._buffers, self._allocated()))
        ready: Future[Batch] | None = None
        with ThreadPoolExecutor(1, "layerkit-reader") as reader:
            for rows in stretches:
                following = reader.submit(self._loaded, rows, next(buffers))
                if ready is not None:
                    yield ready.result()
                ready = following
            if ready is not None:
                yield ready.result()

    def _loaded(self, rows: Rows, buffers: _Buffers) -> Batch:
        n, examples = len(rows), self._examples
        x, targets, weights = buffers.inputs[:n], buffers.targets[:n], buffers.weights
        if weights is not None and self._weights is not None:
            weights = weights[:n]
            np.take(self._weights, rows, out=weights, mode="clip")
        if self._raw_targets is None:
            _take(self._targets, examples.target_rows, rows, targets)
        else:
            raw_targets = self._raw_targets[:n]
            _take(self._targets, examples.target_rows, rows, raw_targets)
            np.copyto(targets, raw_targets, casting="same_kind")
        if self._raw is None:
            _take(self._inputs, examples.input_rows, rows, x)
            return Batch(x, targets, weights)
        raw = self._raw[:n]
        _take(self._inputs, examples.input_rows, rows, raw)
        np.copyto(x, raw)
        if self._scale != 1:
            np.multiply(x, self._scale, out=x)
        return Batch(x, targets, weights)


def _take(values: Values, reader: RowFile | None, rows: Rows, out: Values) -> None:
    if reader is None:
        np.take(values, rows, axis=0, out=out, mode="clip")
    else:
        reader.take(rows, out)


def shuffled(rows: Rows, seed: int, epoch: int) -> Rows:
    """Return the rows in the order of that epoch, which depends on nothing but the arguments."""
    return generator(seed, "shuffle", str(epoch)).permutation(rows)


def in_batches(rows: Rows, size: int) -> Iterator[Rows]:
    """Yield consecutive stretches of at most ``size`` rows."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
