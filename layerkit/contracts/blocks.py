"""Stretches of a flat vector that stay in cache while several passes go over them."""

from __future__ import annotations

from collections.abc import Iterator

BLOCK = 32_768
"""Elements a block: 128 KiB of float32."""


def spans(size: int) -> Iterator[slice]:
    """Yield slices that cut a vector of ``size`` elements into blocks."""
    for start in range(0, size, BLOCK):
        yield slice(start, min(start + BLOCK, size))
