"""Logarithm of the softmax, for losses on logits."""

from __future__ import annotations

import numpy as np

from layerkit.arrays import Array


def log_softmax(logits: Array, out: Array, exponentials: Array, of_item: Array) -> None:
    """Write ``z - log(sum(exp(z)))`` into ``out``, for any size of logits without overflow.

    Parameters
    ----------
    logits, out, exponentials
        ``(n, classes)``; ``exponentials`` is memory for intermediate results.
    of_item
        ``(n, 1)``, likewise.
    """
    logits.max(axis=1, keepdims=True, out=of_item)
    np.subtract(logits, of_item, out=out)
    np.exp(out, out=exponentials)
    exponentials.sum(axis=1, keepdims=True, out=of_item)
    np.log(of_item, out=of_item)
    np.subtract(out, of_item, out=out)
