"""The logistic function, which several activations are made with."""

from __future__ import annotations

import numpy as np

from layerkit.plugin import Array


def logistic(x: Array, out: Array, scratch: Array) -> None:
    """Write ``1 / (1 + exp(-x))`` into ``out``, to the last digits however small it is.

    With ``e = exp(-|x|)``, which cannot overflow, it is ``1 / (1 + e)`` from 0 on and
    ``e / (1 + e)`` below.

    Parameters
    ----------
    x
        Any shape; may be ``out`` itself.
    out, scratch
        Memory of that shape.
    """
    np.greater_equal(x, 0, out=scratch)
    np.abs(x, out=out)
    np.negative(out, out=out)
    np.exp(out, out=out)
    np.maximum(scratch, out, out=scratch)
    np.add(out, 1, out=out)
    np.divide(scratch, out, out=out)
