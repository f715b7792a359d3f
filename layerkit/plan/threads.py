"""How many threads a network is trained with, and what they share."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass

from layerkit.contracts.layer_plan import LayerPlan
from layerkit.spec.models import ModelSpec

PRODUCT_PER_THREAD = 2**20
"""Multiplications in a matrix product that make one more thread worth it."""
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
        Parts of the batch that are worked on in parallel, each by a thread.
    blas_threads
        Threads of BLAS that share each matrix product.
    """

    shards: int
    blas_threads: int

    @property
    def total(self) -> int:
        """How many threads work at the same time."""
        return max(self.shards, self.blas_threads)


def plan_threads(spec: ModelSpec, chain: LayerPlan, train_examples: int | None) -> ThreadPlan:
    """Return how the spec's threads are used; ``"auto"`` is decided by the network.

    A small network gets one thread. In most others products are nearly all of the work, and the
    threads share each of them. Where layers put out many values for few multiplications, as
    convolutions do, each thread takes a shard of the batch instead, so that everything is shared.

    The plan decides, never a measurement, so that a spec always gets the same on the same machine,
    and with it the same bits.
    """
    asked, batch_size = spec.training.threads, spec.training.batch_size
    batch = train_examples or 1 if batch_size == "full" else batch_size
    threads = _suitable_threads(chain, batch) if isinstance(asked, str) else asked
    if not _prefers_shards(chain):
        return ThreadPlan(shards=1, blas_threads=threads)
    least = EXAMPLES_PER_SHARD if isinstance(asked, str) else 1
    return ThreadPlan(shards=max(1, min(threads, batch // least)), blas_threads=1)


def available_cores() -> int:
    """Return how many cores this thread may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # only some systems have it
        return os.cpu_count() or 1


def _suitable_threads(chain: LayerPlan, batch: int) -> int:
    largest = batch * max(_products(chain), default=0)
    return max(1, min(available_cores(), largest // PRODUCT_PER_THREAD))


def _prefers_shards(chain: LayerPlan) -> bool:
    return sum(_products(chain)) < FEW_PRODUCTS * _values(chain)


def _values(plan: LayerPlan) -> int:
    """Return how many values the layers inside put out for one example."""
    return sum(math.prod(each.plan.output) + _values(each.plan) for each in plan.layers)


def _products(plan: LayerPlan) -> list[int]:
    """Return the multiplications of every matrix product for one example."""
    if plan.products is not None:
        return [plan.products]
    own = [
        math.prod(plan.output) * param.fan.fan_in
        for param in plan.params.values()
        if len(param.shape) > 1
    ]
    return own + [size for layer in plan.layers for size in _products(layer.plan)]
