"""Metrics that are the mean of a number that every item has."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TypeVar

import numpy as np

from layerkit.arrays import Array, Targets
from layerkit.contracts.metric import ScalarMetric, ScalarMetricConfig
from layerkit.contracts.output import OutputContext

MeanMetricT_co = TypeVar("MeanMetricT_co", bound=ScalarMetricConfig, covariant=True)


class MeanMetric(ScalarMetric[MeanMetricT_co], ABC):
    """The weighted mean over items; a subclass writes down the number of one.

    An item is an example or, where there is a target for every step, a step.
    """

    def __init__(self, config: MeanMetricT_co, context: OutputContext) -> None:
        super().__init__(config, context)
        self._sum = 0.0
        self._seen = 0.0

    @abstractmethod
    def of_items(self, predictions: Array, targets: Targets) -> Array:
        """Return the number of every item, as a new array."""

    def reset(self) -> None:
        """Start again from 0."""
        self._sum = 0.0
        self._seen = 0.0

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        """Add up the numbers of a batch, times the weights of its items."""
        numbers = self.of_items(predictions, targets).reshape(-1)
        self._sum += float(np.dot(numbers, weights.reshape(-1)))
        self._seen += float(weights.sum(dtype=np.float64))

    def result(self) -> float:
        """Return the mean so far; 0 before any batch."""
        return self._sum / self._seen if self._seen else 0.0


def differences(predictions: Array, targets: Targets) -> Array:
    """Return ``prediction - target`` in float64, ``(items, values)``."""
    values = (predictions.shape[1:] or (1,))[-1]
    found = predictions.reshape(-1, values).astype(np.float64)
    return found - targets.reshape(found.shape)
