"""Scaled dot-product attention over steps, for every head, in memory of its own."""

from __future__ import annotations

import math
from itertools import count
from typing import Annotated, TypeAlias

import numpy as np
from annotated_types import Ge, Le

from layerkit.plugin import Array, LayerContext, RandomBytes, byte_share
from layerkit_sequence.steps import Bools

Heads: TypeAlias = Annotated[int, Ge(1), Le(1024)]


class ScaledDotProduct:
    """``softmax(q @ k.T / sqrt(size)) @ v`` for every example and head.

    Neither padding nor, if causal, later steps are attended to: their weights are 0. Where nothing
    is left, as in an example that is all padding, all weights are 0 and so is the output; PyTorch
    puts out nan there.

    Parameters
    ----------
    context
        Of the layer that works with it. Its mask says which steps are attended to.
    time
        Steps.
    heads
        How many.
    size
        Features of a query, a key and a value, for each head.
    causal
        Whether a step attends to itself and the steps before it alone.
    dropout
        The fraction of weights set to 0 in training, from 0 to below 1; rounded to the nearest
        1/256, as that of the layer ``dropout``.
    """

    def __init__(
        self,
        context: LayerContext,
        *,
        time: int,
        heads: int,
        size: int,
        causal: bool,
        dropout: float = 0.0,
    ) -> None:
        shape, self._context = (heads, time, time), context
        self._factor = 1 / math.sqrt(size)
        # What takes the place of scores that do not count: far below all others, but finite, so
        # that the largest of a row can be subtracted from it.
        self._least = float(np.finfo(context.dtype).min) / 2
        self._weights = context.buffer(shape)
        self._grad = context.training_buffer(shape)
        self._total = context.buffer((heads, time, 1))
        self._mask = context.mask
        self._is_padding: Bools = np.zeros((context.capacity, 1, 1, time), np.bool_)
        self._is_later: Bools | None = np.triu(np.ones(shape[1:], np.bool_), 1) if causal else None
        self._dropped_bytes = byte_share(dropout)
        has_dropout = self._dropped_bytes > 0 and context.trains
        size = context.capacity * math.prod(shape) if has_dropout else 0
        self._random = RandomBytes(size) if has_dropout else None
        self._kept: Bools = np.zeros(size, np.bool_)
        self._scales: Array = np.zeros(size, context.dtype)
        self._dropped: Array = np.zeros(size, context.dtype)
        self._is_dropping = False

    @staticmethod
    def values(time: int, heads: int, dropout: float = 0.0) -> int:
        """Return how many values it keeps for one example while it trains."""
        arrays = 2 if byte_share(dropout) == 0 else 4
        return arrays * heads * time * time

    def forward(self, q: Array, k: Array, v: Array, out: Array, *, training: bool) -> None:
        """Write the attended values into ``out``; all are ``(n, heads, time, size)``."""
        n = len(q)
        weights, total = self._weights[:n], self._total[:n]
        np.matmul(q, k.swapaxes(-1, -2), out=weights)
        np.multiply(weights, self._factor, out=weights)
        is_padding = self._is_padding[:n]
        if self._mask is not None:
            np.equal(self._mask[:n, np.newaxis, np.newaxis, :], 0, out=is_padding)
        self._put(weights, self._least, n)
        np.max(weights, axis=-1, keepdims=True, out=total)
        np.subtract(weights, total, out=weights)
        np.exp(weights, out=weights)
        self._put(weights, 0, n)
        np.sum(weights, axis=-1, keepdims=True, out=total)
        np.maximum(total, 1, out=total)  # it is below 1 where nothing is left alone: 0
        np.divide(weights, total, out=weights)
        self._is_dropping = training and self._random is not None
        np.matmul(self._after_dropout(weights), v, out=out)

    def backward(
        self, dy: Array, q: Array, k: Array, v: Array, dq: Array, dk: Array, dv: Array
    ) -> None:
        """Write the gradients with respect to queries, keys and values.

        Parameters
        ----------
        dy
            Gradient with respect to what `forward` wrote.
        q, k, v
            What `forward` was given.
        dq, dk, dv
            Where the gradients go.
        """
        n = len(dy)
        weights, grad, total = self._weights[:n], self._grad[:n], self._total[:n]
        used = self._of(self._dropped, n) if self._is_dropping else weights
        np.matmul(used.swapaxes(-1, -2), dy, out=dv)
        np.matmul(dy, v.swapaxes(-1, -2), out=grad)
        if self._is_dropping:
            np.multiply(grad, self._of(self._scales, n), out=grad)
        np.vecdot(weights, grad, out=total[..., 0])
        np.subtract(grad, total, out=grad)
        np.multiply(grad, weights, out=grad)
        np.multiply(grad, self._factor, out=grad)
        np.matmul(grad, k, out=dq)
        np.matmul(grad.swapaxes(-1, -2), q, out=dk)

    def _put(self, weights: Array, value: float, n: int) -> None:
        """Write a value where a step is not attended to."""
        if self._mask is not None:
            np.copyto(weights, value, where=self._is_padding[:n])
        if self._is_later is not None:
            np.copyto(weights, value, where=self._is_later)

    def _after_dropout(self, weights: Array) -> Array:
        if not self._is_dropping or self._random is None:
            return weights
        n = len(weights)
        scales, dropped = self._of(self._scales, n), self._of(self._dropped, n)
        kept = self._kept[: weights.size]
        random = self._random.refill(self._context.rng, weights.size)
        np.greater_equal(random, self._dropped_bytes, out=kept)
        np.copyto(scales, kept.reshape(weights.shape))
        np.multiply(scales, 256 / (256 - self._dropped_bytes), out=scales)
        return np.multiply(weights, scales, out=dropped)

    def _of(self, memory: Array, n: int) -> Array:
        """Return the part of flat memory that is for ``n`` examples, as weights."""
        shape = self._weights.shape[1:]
        return memory[: n * math.prod(shape)].reshape(n, *shape)


def heads_of(x: Array, heads: int) -> Array:
    """Return ``(n, time, heads * size)`` as ``(n, heads, time, size)``, without a copy."""
    n, time, width = x.shape
    return x.reshape(n, time, heads, width // heads).swapaxes(1, 2)


def split_heads(x: Array, heads: int) -> tuple[Array, Array, Array]:
    """Return queries, keys and values, ``(n, heads, time, size)``, without a copy.

    Parameters
    ----------
    x
        Contiguous ``(n, time, 3 * heads * size)``: queries of all heads, then keys, then values.
    heads
        How many.
    """
    width = x.shape[-1] // 3
    return (
        heads_of(x[..., :width], heads),
        heads_of(x[..., width : 2 * width], heads),
        heads_of(x[..., 2 * width :], heads),
    )


def fitting_heads(features: int, heads: int) -> int:
    """Return the number of heads nearest to a given one that divides the features."""
    return next(
        found
        for distance in count()
        for found in (heads - distance, heads + distance)
        if found > 0 and features % found == 0
    )
