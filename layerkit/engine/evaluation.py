"""Loss and metrics of a network on some examples."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.contracts.metric import MetricConfig
from layerkit.engine.batches import Batch, BatchLoader, Rows, in_batches
from layerkit.engine.chains import CAPACITY, build_chain, output_context
from layerkit.engine.data import Part
from layerkit.engine.inspection.layers import LayerInspection
from layerkit.engine.inspection.outputs import (
    checked_figures,
    checked_tables,
    loss_checks,
    metric_checks,
)
from layerkit.engine.inspection.watch import watched
from layerkit.engine.item_weights import ItemWeights
from layerkit.engine.network import Network
from layerkit.engine.workers import WorkerPool
from layerkit.guard import number


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The loss and metrics of a network on some examples.

    Attributes
    ----------
    figures
        ``loss`` (without penalties) and every figure of every metric, by name.
    tables
        What metrics report beside figures, such as a confusion matrix, by name.
    """

    figures: Mapping[str, float] = field(default_factory=dict[str, float])
    tables: Mapping[str, Array] = field(default_factory=dict[str, Array])


class Evaluator:
    """Goes over some examples, in large batches.

    Parameters
    ----------
    network
        What to evaluate.
    part
        On what.
    workers
        Threads, each of which works on a batch; by default this one alone.
    metrics
        What to report beside the metrics of the spec.
    """

    def __init__(
        self,
        network: Network,
        part: Part,
        workers: WorkerPool | None = None,
        metrics: Sequence[MetricConfig] = (),
    ) -> None:
        plan = network.plan
        self._network, self._part = network, part
        self._capacity = max(1, min(CAPACITY, len(part)))
        self._pool = WorkerPool() if workers is None else workers
        self._configs = (*network.spec.metrics, *metrics)
        self._figures = [tuple(each.figures(plan.info.target)) for each in self._configs]
        self._is_checked = False
        self._build()

    def _build(self) -> None:
        """Build all that works on batches, with its memory."""
        network, capacity = self._network, self._capacity
        self._workers = [_Worker(network, self._part, capacity) for _ in range(len(self._pool))]
        context = output_context(network.plan, capacity)
        self._loss = network.spec.loss.build(context)
        self._weights = ItemWeights(self._loss, context)
        self._metrics = [config.build(context) for config in self._configs]
        self._predictions = context.buffer(network.plan.loss.prediction)

    def evaluate(self) -> Evaluation:
        """Return loss and metrics.

        The first time, first check on some examples that all components keep their contracts.

        Raises
        ------
        PluginError
            If one does not.
        """
        rows = self._part.rows
        if not self._is_checked:
            self._is_checked = True
            self._inspect(rows[: self._capacity * len(self._workers)])
            # Python finds the attributes of what was watched more slowly: build it anew, once the
            # memory of the old is free.
            self._workers = []
            self._build()
        return self._evaluate(rows)

    def _inspect(self, rows: Rows) -> None:
        layers = [layer for worker in self._workers for layer in worker.layers]
        checks = (
            LayerInspection(layers).checks(),
            loss_checks(self._loss),
            metric_checks(self._metrics),
        )
        with watched(chain.from_iterable(checks)):
            self._evaluate(rows)

    def _evaluate(self, rows: Rows) -> Evaluation:
        # As in training: whoever reads the figures sees an overflow there.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            return self._evaluated(rows)

    def _evaluated(self, chosen: Rows) -> Evaluation:
        total_loss = total_weight = 0.0
        for metric in self._metrics:
            metric.reset()
        batches, count = list(in_batches(chosen, self._capacity)), len(self._workers)
        outcomes = [worker.run(batches[first::count]) for first, worker in enumerate(self._workers)]
        for first in range(0, len(batches), count):
            jobs = [partial(next, each) for each in outcomes[: len(batches) - first]]
            for outputs, batch, mask in self._pool.run(jobs):
                n = len(outputs)
                weights = self._weights.plain(n, batch.weights, mask)
                if self._metrics:
                    predictions = self._predictions[:n]
                    self._loss.predict(outputs, predictions)
                    for metric in self._metrics:
                        metric.update(predictions, batch.targets, weights)
                weights = self._weights.weighed(batch.targets, weights)
                total_weight += float(weights.sum(dtype=np.float64))
                found = self._loss.value(outputs, batch.targets, weights)
                total_loss += number(self._loss, "'value' to return", found)
        figures = {"loss": total_loss / total_weight if total_weight else 0.0}
        tables: dict[str, Array] = {}
        for metric, names in zip(self._metrics, self._figures, strict=True):
            figures.update(checked_figures(metric, metric.results(), names))
            tables.update(checked_tables(metric, metric.tables()))
        return Evaluation(figures, tables)


class _Worker:
    """Works out the outputs of one batch at a time."""

    def __init__(self, network: Network, part: Part, capacity: int) -> None:
        plan = network.plan
        self._loader = BatchLoader(part.examples, capacity, plan.dtype, plan.info.scale)
        self._chain = build_chain(plan, network.storage, capacity)

    @property
    def layers(self) -> Sequence[Layer[LayerConfig]]:
        """All layers, inner ones too."""
        return self._chain.memory.layers

    def run(self, stretches: Sequence[Rows]) -> Generator[tuple[Array, Batch, Array | None]]:
        """Yield outputs, batch and mask of each stretch of rows; the next one overwrites them."""
        for batch in self._loader.batches(stretches):
            # Threads do not share one another's error handling.
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                outputs = self._chain.forward(batch.inputs, training=False)
            yield outputs, batch, self._chain.mask
