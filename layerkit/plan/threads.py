"""How many threads a network is trained with, and what they share."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass

from layerkit.plan.layers import PlannedLayer
from layerkit.spec.models import ModelSpec

PRODUCT_PER_THREAD = 2**20
"""Multiplications of a product that are worth a thread."""
EXAMPLES_PER_SHARD = 32
"""With fewer examples in a shard, products lose more than threads gain."""
FEW_PRODUCTS = 64
"""Multiplications for every value that layers put out, below which products are the lesser work."""


@dataclass(frozen=True, slots=True)
class ThreadPlan:
    """How many threads work on a step, and on what.

    Attributes
    ----------
    shards
        Parts of the batch that are worked on side by side, each by a thread.
    blas_threads
        Threads of BLAS that share each matrix product.
    """

    shards: int
    blas_threads: int

    @property
    def total(self) -> int:
        """How many threads work at the same time."""
        return max(self.shards, self.blas_threads)


def plan_threads(
    spec: ModelSpec, layers: Sequence[PlannedLayer], train_examples: int | None
) -> ThreadPlan:
    """Return how the spec's threads are used; ``"auto"`` is decided by the network.

    A small network gets one thread. In most others products are nearly all of the work, and the
    threads share each of them. Where layers put out many values for few multiplications, as
    convolutions do, each thread takes a shard of the batch instead, so that everything is shared;
    unless layers have state, which shards would have to share as well.

    The plan decides, never a measurement, so that a spec always gets the same on the same machine,
    and with it the same bits.
    """
    asked, batch_size = spec.training.threads, spec.training.batch_size
    batch = train_examples or 1 if batch_size == "full" else batch_size
    threads = _suitable_threads(layers, batch) if isinstance(asked, str) else asked
    has_state = any(layer.plan.state for layer in layers)
    if has_state or not _prefers_shards(layers):
        return ThreadPlan(shards=1, blas_threads=threads)
    least = EXAMPLES_PER_SHARD if isinstance(asked, str) else 1
    return ThreadPlan(shards=max(1, min(threads, batch // least)), blas_threads=1)


def available_cores() -> int:
    """Return how many cores this thread may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # only some systems have it
        return os.cpu_count() or 1


def _suitable_threads(layers: Sequence[PlannedLayer], batch: int) -> int:
    largest = batch * max(_multiplications(layers), default=0)
    return max(1, min(available_cores(), largest // PRODUCT_PER_THREAD))


def _prefers_shards(layers: Sequence[PlannedLayer]) -> bool:
    values = sum(math.prod(layer.plan.output) for layer in layers)
    return sum(_multiplications(layers)) < FEW_PRODUCTS * values


def _multiplications(layers: Sequence[PlannedLayer]) -> list[int]:
    """Return the multiplications of every layer's forward product for one example."""
    return [
        math.prod(layer.plan.output) * param.fan.fan_in
        for layer in layers
        for param in layer.plan.params.values()
        if len(param.shape) > 1
    ]
