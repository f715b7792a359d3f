"""How many threads the matrix products of a network get."""

from __future__ import annotations

import math
import os
from collections.abc import Generator
from contextlib import contextmanager

from threadpoolctl import threadpool_limits

from layerkit.spec.plan import SpecPlan

LARGE_PRODUCT = 2**24
"""Multiplications in a product from which more than one thread is worth having.

Below it a second thread gains little, and when the system puts both on one core, one waits for the
other a hundred times as long as the product takes.
"""


def threads_for(plan: SpecPlan) -> int:
    """Return the number of threads that the spec asks for; ``"auto"`` is decided by the plan.

    The largest product of a step decides, never a measurement, so that a spec always gets the same
    number on the same machine, and with it the same bits.
    """
    asked = plan.spec.training.threads
    if asked != "auto":
        return asked
    return available_cores() if largest_product(plan) >= LARGE_PRODUCT else 1


def largest_product(plan: SpecPlan) -> int:
    """Return the most multiplications of a layer's forward product for one batch."""
    batch_size = plan.spec.training.batch_size
    examples = plan.train_examples or 1 if batch_size == "full" else batch_size
    of_layers = (
        math.prod(layer.plan.output) * param.fan.inward
        for layer in plan.layers
        for param in layer.plan.params.values()
        if len(param.shape) > 1
    )
    return examples * max(of_layers, default=0)


def available_cores() -> int:
    """Return how many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # only some systems have it
        return os.cpu_count() or 1


@contextmanager
def blas_threads(count: int) -> Generator[None]:
    """Give BLAS that many threads, and back what it had."""
    with threadpool_limits(count, "blas"):
        yield
