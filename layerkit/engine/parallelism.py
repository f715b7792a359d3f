"""How a training step is spread over the cores."""

from __future__ import annotations

import math
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from threadpoolctl import threadpool_limits

from layerkit.spec.plan import SpecPlan

LARGE_PRODUCT = 2**24
"""Multiplications in a product from which more than one thread is worth having."""
LEAST_SHARE = 32
"""Examples that a shard should have; with fewer, products lose more than threads gain."""


@dataclass(frozen=True, slots=True)
class Parallelism:
    """How many shards of a batch are worked on side by side, and threads of each product."""

    shards: int
    products: int


def parallelism_of(plan: SpecPlan) -> Parallelism:
    """Return how the spec's threads are used; ``"auto"`` is decided by the plan.

    A small network gets one thread. In a large one each thread works on its shard of the batch:
    they meet once a step, not in every product, so that another program on a core does little
    harm, and elementwise layers gain as much as products. Only where layers have state, which
    shards would have to share, do the threads work on each product together.

    The plan decides, never a measurement, so that a spec always gets the same on the same machine,
    and with it the same bits.
    """
    asked = plan.spec.training.threads
    threads = _suitable_threads(plan) if isinstance(asked, str) else asked
    if any(plan.state()):
        return Parallelism(shards=1, products=threads)
    return Parallelism(shards=threads, products=1)


def _suitable_threads(plan: SpecPlan) -> int:
    if largest_product(plan) < LARGE_PRODUCT:
        return 1
    return max(1, min(available_cores(), batch_examples(plan) // LEAST_SHARE))


def largest_product(plan: SpecPlan) -> int:
    """Return the most multiplications of a layer's forward product for one batch."""
    of_layers = (
        math.prod(layer.plan.output) * param.fan.inward
        for layer in plan.layers
        for param in layer.plan.params.values()
        if len(param.shape) > 1
    )
    return batch_examples(plan) * max(of_layers, default=0)


def batch_examples(plan: SpecPlan) -> int:
    """Return how many examples a batch has."""
    batch_size = plan.spec.training.batch_size
    return plan.train_examples or 1 if batch_size == "full" else batch_size


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
