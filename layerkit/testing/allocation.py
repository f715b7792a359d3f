"""Finds what a step allocates that could work in memory that is there already."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

from threadpoolctl import threadpool_limits

MANY = 3 * 2**16
"""Values of an array that is large beside the buffers of NumPy's iterators (8,192 values each)."""
REPEATS = 3
"""Steps that are measured."""


def expect_no_allocation(step: Callable[[], object], values: int, spare: int = 0) -> None:
    """Check that a steady step allocates less than a byte for every value that it works on.

    Parameters
    ----------
    step
        Takes a step. The first two may allocate what they like.
    values
        How many it works on, at least `MANY`.
    spare
        Bytes that it may allocate beside.
    """
    peak = least_peak(step)
    if peak >= values + spare:
        raise AssertionError(
            f"expected a step in memory that is there already, found {peak} bytes allocated for "
            f"{values} values: keep buffers from __init__"
        )


def least_peak(step: Callable[[], object]) -> int:
    """Return the most bytes that a steady step takes in passing, of the step that takes the least.

    What a step allocates, it allocates every time. Other threads of the process allocate too, such
    as those that pytest-xdist gets its orders in, but not during every step.
    """
    with threadpool_limits(1, "blas"):  # threads that wait for each other take long
        for _ in range(2):
            step()
        tracemalloc.start()
        try:
            return min(_peak(step) for _ in range(REPEATS))
        finally:
            tracemalloc.stop()


def _peak(step: Callable[[], object]) -> int:
    before, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    step()
    _, peak = tracemalloc.get_traced_memory()
    return peak - before
