"""Metrics that `evaluate` adds to those of a spec: what figures of classes and targets are made of.

A colon in their names keeps them apart from the names that a spec may give.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, final

import numpy as np

from layerkit.arrays import Array, Shape, Targets
from layerkit.contracts.class_metric import ClassCounts
from layerkit.contracts.dataset import Target
from layerkit.contracts.metric import Metric, MetricConfig
from layerkit.contracts.output import OutputContext, check_one_output_per_class

CLASSES: Literal["evaluate:classes"] = "evaluate:classes"
LABELS: Literal["evaluate:labels"] = "evaluate:labels"
NUMBERS: Literal["evaluate:numbers"] = "evaluate:numbers"


class _SumsConfig(MetricConfig):
    """Base of configs of metrics that have a table and no figure."""

    def check(self, prediction: Shape, target: Target) -> None:
        """Accept all."""

    def figures(self, target: Target) -> Mapping[str, bool]:
        """Return none: it is all in the table."""
        return {}


class ClassSumsConfig(_SumsConfig):
    """``(classes, classes)``: how often each class (row) was predicted as each (column)."""

    type: Literal["evaluate:classes"] = CLASSES

    def check(self, prediction: Shape, target: Target) -> None:
        """Check that there is one number per class."""
        check_one_output_per_class("a confusion matrix", prediction, target)


@final
class ClassSums(Metric[ClassSumsConfig]):
    """See `ClassSumsConfig`."""

    def __init__(self, config: ClassSumsConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self._counts = ClassCounts(context.plan.prediction[-1])

    def reset(self) -> None:
        """Start again from 0."""
        self._counts.reset()

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        """Count true and predicted classes."""
        self._counts.update(predictions, targets, weights)

    def results(self) -> Mapping[str, float]:
        """Return no figure."""
        return {}

    def tables(self) -> Mapping[str, Array]:
        """Return the table."""
        return {CLASSES: self._counts.table.copy()}


class LabelSumsConfig(_SumsConfig):
    """``(labels, 4)``: right positives, true ones, predicted ones (from 0.5 on), and all items."""

    type: Literal["evaluate:labels"] = LABELS


@final
class LabelSums(Metric[LabelSumsConfig]):
    """See `LabelSumsConfig`."""

    def __init__(self, config: LabelSumsConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self._labels = _last(context)
        self.reset()

    def reset(self) -> None:
        """Start again from 0."""
        self._table: Array = np.zeros((self._labels, 4))

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        """Count true and predicted labels."""
        predicted = predictions.reshape(-1, self._labels) >= 0.5
        true = targets.reshape(-1, self._labels) >= 0.5
        items = weights.reshape(-1).astype(np.float64)
        for column, chosen in enumerate((predicted & true, true, predicted)):
            self._table[:, column] += items @ chosen
        self._table[:, 3] += items.sum()

    def results(self) -> Mapping[str, float]:
        """Return no figure."""
        return {}

    def tables(self) -> Mapping[str, Array]:
        """Return the table."""
        return {LABELS: self._table.copy()}


class NumberSumsConfig(_SumsConfig):
    """``(targets, 4)``: weight, absolute and squared errors, squares of targets about their mean.

    References
    ----------
    Chan, Golub, LeVeque (1983), Algorithms for computing the sample variance: analysis and
    recommendations.
    """

    type: Literal["evaluate:numbers"] = NUMBERS


@final
class NumberSums(Metric[NumberSumsConfig]):
    """See `NumberSumsConfig`."""

    def __init__(self, config: NumberSumsConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self._targets = _last(context)
        self.reset()

    def reset(self) -> None:
        """Start again from 0."""
        self._weight = 0.0
        self._mean: Array = np.zeros(self._targets)
        self._table: Array = np.zeros((self._targets, 4))

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        """Add up the errors of a batch."""
        items = weights.reshape(-1).astype(np.float64)
        weight = float(items.sum())
        if weight == 0:
            return
        rows = targets.reshape(-1, self._targets).astype(np.float64)
        errors = predictions.reshape(-1, self._targets) - rows
        mean = items @ rows / weight
        ahead, total = mean - self._mean, self._weight + weight
        self._table[:, 0] = total
        self._table[:, 1] += items @ np.abs(errors)
        self._table[:, 2] += items @ np.square(errors)
        self._table[:, 3] += items @ np.square(rows - mean)
        self._table[:, 3] += np.square(ahead) * (self._weight * weight / total)
        self._mean += ahead * (weight / total)
        self._weight = total

    def results(self) -> Mapping[str, float]:
        """Return no figure."""
        return {}

    def tables(self) -> Mapping[str, Array]:
        """Return the table."""
        return {NUMBERS: self._table.copy()}


def _last(context: OutputContext) -> int:
    """Return how many values the last axis of the targets has."""
    return context.target.shape[-1] if context.target.shape else 1
