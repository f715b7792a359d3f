"""Loss and metrics of a network on some examples."""

from __future__ import annotations

import numpy as np

from layerkit.contracts import (
    Examples,
    Loss,
    LossConfig,
    Metric,
    MetricConfig,
    OutputPlace,
)
from layerkit.engine.batches import Gatherer, Rows, in_batches
from layerkit.engine.network import CAPACITY, Network
from layerkit.engine.stack import Stack


class Evaluator:
    """Goes over chosen rows of some examples, in large batches."""

    def __init__(self, network: Network, examples: Examples, rows: Rows | None = None) -> None:
        spec, plan = network.spec, network.plan
        self._rows = np.arange(len(examples)) if rows is None else rows
        capacity = max(1, min(CAPACITY, len(self._rows)))
        self._stack = Stack(plan, network.storage, capacity, train=False)
        self._gatherer = Gatherer(examples, capacity, plan.dtype)
        place = OutputPlace(plan.output_shape, plan.info.target, capacity, plan.dtype)
        self._loss = Loss[LossConfig].class_for(spec.loss)(spec.loss, place)
        self._metrics = {
            metric.type_name() or "metric": Metric[MetricConfig].class_for(metric)(metric, place)
            for metric in spec.metrics
        }

    def evaluate(self) -> dict[str, float]:
        """Return ``loss`` (without penalties) and every metric by its type."""
        loss = 0.0
        for metric in self._metrics.values():
            metric.reset()
        for rows in in_batches(self._rows, self._stack.capacity):
            x, targets = self._gatherer.gather(rows)
            outputs = self._stack.forward(x, train=False)
            loss += self._loss.value(outputs, targets) * len(rows)
            for metric in self._metrics.values():
                metric.update(outputs, targets)
        results = {name: metric.result() for name, metric in self._metrics.items()}
        return {"loss": loss / len(self._rows), **results}
