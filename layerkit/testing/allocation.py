"""Checks that steady steps work in memory that is there already."""

from __future__ import annotations

import itertools
import math
import tracemalloc
from collections.abc import Callable

import numpy as np
from threadpoolctl import threadpool_limits

from layerkit.testing.build import build_optimizer
from layerkit.testing.layer_case import LayerCase
from layerkit.testing.optimizer_case import OptimizerCase
from layerkit.testing.sampling import FLOAT32

MANY = 3 * 2**16
"""Values of a batch that is large beside the buffers of NumPy's iterators (8,192 values each)."""
REPEATS = 3
"""Steps that are measured."""


def steady_step_allocates_nothing(case: LayerCase) -> None:
    """Check that forward and backward of a large batch allocate less than a byte for every value.

    The first two passes may allocate what they like.
    """
    count = -(-MANY // math.prod(case.input_shape))
    x, dy = case.inputs(count, dtype=FLOAT32), case.output_gradient(count, FLOAT32)
    built = case.build(count, dtype=FLOAT32).layer

    def step() -> None:
        built.forward(x, training=True)
        built.backward(dy)

    _expect_no_allocation(step, x.size)


def steady_update_allocates_nothing(case: OptimizerCase) -> None:
    """Check that an update of many parameters allocates less than a byte for every one.

    The first two may allocate what they like.
    """
    optimizer, span = build_optimizer(case.config, np.ones(MANY, FLOAT32))
    numbers = itertools.count(1)

    def step() -> None:
        span.grad.fill(0.5)
        optimizer.update(span, case.config.learning_rate, next(numbers))

    _expect_no_allocation(step, MANY)


def least_peak(step: Callable[[], None]) -> int:
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


def _peak(step: Callable[[], None]) -> int:
    before, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    step()
    _, peak = tracemalloc.get_traced_memory()
    return peak - before


def _expect_no_allocation(step: Callable[[], None], values: int) -> None:
    peak = least_peak(step)
    if peak >= values:
        raise AssertionError(
            f"expected a step in memory that is there already, found {peak} bytes allocated for "
            f"{values} values: keep buffers from __init__"
        )
