"""Loss and metrics of a network on some examples."""

from __future__ import annotations

from functools import partial

import numpy as np

from layerkit.arrays import Array, Targets
from layerkit.contracts.dataset import Examples
from layerkit.contracts.output import OutputContext
from layerkit.engine.batches import BatchLoader, Rows, in_batches
from layerkit.engine.chain import Chain
from layerkit.engine.network import CAPACITY, Network
from layerkit.engine.workers import WorkerPool


class Evaluator:
    """Goes over chosen rows of some examples, in large batches.

    Parameters
    ----------
    network
        What to evaluate.
    examples, rows
        On what; by default on every row.
    workers
        Threads, each of which works on a batch; by default this one alone.
    """

    def __init__(
        self,
        network: Network,
        examples: Examples,
        rows: Rows | None = None,
        workers: WorkerPool | None = None,
    ) -> None:
        spec, plan = network.spec, network.plan
        self._rows = np.arange(len(examples)) if rows is None else rows
        self._capacity = max(1, min(CAPACITY, len(self._rows)))
        self._pool = WorkerPool() if workers is None else workers
        self._workers = [_Worker(network, examples, self._capacity) for _ in range(len(self._pool))]
        context = OutputContext(plan.output_shape, plan.info.target, self._capacity, plan.dtype)
        self._loss = spec.loss.build(context)
        self._metrics = {metric.display_name: metric.build(context) for metric in spec.metrics}

    def evaluate(self) -> dict[str, float]:
        """Return ``loss`` (without penalties) and every metric by its type."""
        loss = 0.0
        for metric in self._metrics.values():
            metric.reset()
        batches = list(in_batches(self._rows, self._capacity))
        for first in range(0, len(batches), len(self._workers)):
            jobs = [
                partial(worker.run, rows)
                for worker, rows in zip(self._workers, batches[first:], strict=False)
            ]
            for outputs, targets in self._pool.run(jobs):
                loss += self._loss.value(outputs, targets) * len(outputs)
                for metric in self._metrics.values():
                    metric.update(outputs, targets)
        results = {name: metric.result() for name, metric in self._metrics.items()}
        return {"loss": loss / len(self._rows), **results}


class _Worker:
    """Works out the outputs of one batch at a time."""

    def __init__(self, network: Network, examples: Examples, capacity: int) -> None:
        self._loader = BatchLoader(examples, capacity, network.plan.dtype)
        self._chain = Chain(network.plan, network.storage, capacity, train=False)

    def run(self, rows: Rows) -> tuple[Array, Targets]:
        """Return outputs and targets of those rows; the next call overwrites them."""
        x, targets = self._loader.load(rows)
        return self._chain.forward(x, training=False), targets
