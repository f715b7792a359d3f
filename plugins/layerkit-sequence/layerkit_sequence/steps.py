"""Memory with time as the first axis."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from layerkit.plugin import Array, LayerContext, Shape, ShapeError

Bools: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


class Steps:
    """Memory for some numbers a step and example, ``(steps + extra, n, width)``, without gaps.

    Parameters
    ----------
    context
        Of the layer that works in it.
    steps, extra
        How many steps, and how many more if there are any.
    width
        Numbers a step and example.
    """

    def __init__(self, context: LayerContext, steps: int, width: int, extra: int = 0) -> None:
        self._shape = (steps + extra if steps else 0, width)
        size = self._shape[0] * context.capacity * width
        self._memory: Array = np.zeros(size, context.dtype)

    def of(self, n: int) -> Array:
        """Return memory for ``n`` examples, the same every time."""
        steps, width = self._shape
        return self._memory[: steps * n * width].reshape(steps, n, width)


class Padding:
    """Which steps are padding, ``(time, n, 1)``, by the mask of a layer's input if it has one.

    Parameters
    ----------
    context
        Of the layer.
    time
        Steps of its input.
    """

    def __init__(self, context: LayerContext, time: int) -> None:
        self._mask = context.mask
        self._time = time
        self._memory: Bools = np.zeros(time * context.capacity, np.bool_)

    def of(self, n: int) -> Bools | None:
        """Return what was read last, for ``n`` examples; None without a mask."""
        if self._mask is None:
            return None
        return self._memory[: self._time * n].reshape(self._time, n, 1)

    def read(self, n: int) -> Bools | None:
        """Read the mask, and return `of`."""
        is_padding = self.of(n)
        if self._mask is not None and is_padding is not None:
            np.equal(self._mask[:n].T[..., np.newaxis], 0, out=is_padding)
        return is_padding


def rows(steps: Array) -> Array:
    """Return ``(time, n, width)`` as ``(time * n, width)``, without a copy."""
    return steps.reshape(-1, steps.shape[-1])


def sequence(name: str, x: Shape) -> tuple[int, int]:
    """Return time and features of a per-example input shape.

    Parameters
    ----------
    name
        Of the layer, for the message.
    x
        The shape.

    Raises
    ------
    ShapeError
        If it is not that of a sequence of features.
    """
    if len(x) != 2:
        raise ShapeError(f"{name} expects sequences of features, shape (time, n); found {x}")
    time, features = x
    return time, features
