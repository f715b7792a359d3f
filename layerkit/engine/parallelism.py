"""How the work of a training step is spread over the cores."""

from __future__ import annotations

import math
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from threadpoolctl import threadpool_limits

from layerkit.engine.affinity import available_cores, kept_apart
from layerkit.engine.crew import Crew
from layerkit.spec.plan import SpecPlan

SHARE_OF_PRODUCT = 2**20
"""Multiplications of a product that are worth a thread."""
SHARE_OF_BATCH = 32
"""Examples that a shard should have; with fewer, products lose more than threads gain."""
FEW_PRODUCTS = 64
"""Multiplications for every value that layers put out, below which products are the lesser work."""


@dataclass(frozen=True, slots=True)
class Parallelism:
    """How many threads work on a step, and on what.

    Attributes
    ----------
    shards
        Parts of the batch that are worked on side by side, each by a thread.
    products
        Threads of BLAS that share each matrix product.
    """

    shards: int
    products: int

    @property
    def threads(self) -> int:
        """How many there are."""
        return max(self.shards, self.products)


def parallelism_of(plan: SpecPlan) -> Parallelism:
    """Return how the spec's threads are used; ``"auto"`` is decided by the plan.

    A small network gets one thread. In most others products are nearly all of the work, and the
    threads share each of them. Where layers put out many values for few multiplications, as
    convolutions do, each thread takes a shard of the batch instead, so that everything is shared;
    unless layers have state, which shards would have to share as well.

    The plan decides, never a measurement, so that a spec always gets the same on the same machine,
    and with it the same bits.
    """
    asked = plan.spec.training.threads
    threads = _suitable_threads(plan) if isinstance(asked, str) else asked
    if any(plan.state()) or not _prefers_shards(plan):
        return Parallelism(shards=1, products=threads)
    least = SHARE_OF_BATCH if isinstance(asked, str) else 1
    return Parallelism(shards=max(1, min(threads, _batch_examples(plan) // least)), products=1)


@contextmanager
def at_work(parallelism: Parallelism) -> Generator[Crew]:
    """Set BLAS threads and cores for a parallelism, and give a crew that works side by side."""
    with (
        threadpool_limits(parallelism.products, "blas"),
        Crew(parallelism.shards) as crew,
        kept_apart(crew.native_ids, parallelism.threads),
    ):
        yield crew


def _suitable_threads(plan: SpecPlan) -> int:
    largest = _batch_examples(plan) * max(_multiplications(plan), default=0)
    return max(1, min(available_cores(), largest // SHARE_OF_PRODUCT))


def _prefers_shards(plan: SpecPlan) -> bool:
    values = sum(math.prod(layer.plan.output) for layer in plan.layers)
    return sum(_multiplications(plan)) < FEW_PRODUCTS * values


def _multiplications(plan: SpecPlan) -> list[int]:
    """Return the multiplications of every layer's forward product for one example."""
    return [
        math.prod(layer.plan.output) * param.fan.inward
        for layer in plan.layers
        for param in layer.plan.params.values()
        if len(param.shape) > 1
    ]


def _batch_examples(plan: SpecPlan) -> int:
    """Return how many examples a batch has."""
    batch_size = plan.spec.training.batch_size
    return plan.train_examples or 1 if batch_size == "full" else batch_size
