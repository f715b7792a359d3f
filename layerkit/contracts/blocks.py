"""Stretches of flat vectors that stay in cache while several passes go over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts.layer import Parameter

BLOCK = 65_536
"""Elements a block: 256 KiB of float32."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the flat vectors, short enough to stay in cache while it is worked on.

    Attributes
    ----------
    value, grad
        Parameters and gradient.
    slots
        The optimizer's state, in the order of `OptimizerConfig.slots`.
    scratch
        Room for intermediate results.
    """

    value: Array
    grad: Array
    slots: tuple[Array, ...]
    scratch: Array


def spans(size: int) -> Iterator[slice]:
    """Yield slices that cut a vector of ``size`` elements into blocks."""
    for start in range(0, size, BLOCK):
        yield slice(start, min(start + BLOCK, size))


def blocks_of(parameter: Parameter, slots: Sequence[Array] = ()) -> list[Block]:
    """Return the blocks of flat vectors; they share one scratch, so that it stays in cache."""
    cuts = [*spans(parameter.value.size)]
    scratch = np.zeros(
        max((cut.stop - cut.start for cut in cuts), default=0), parameter.value.dtype
    )
    return [
        Block(
            parameter.value[cut],
            parameter.grad[cut],
            tuple(slot[cut] for slot in slots),
            scratch[: cut.stop - cut.start],
        )
        for cut in cuts
    ]
