"""Metrics of how well predictions of a class rank its examples before the others."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, TypeAlias, TypeVar

import numpy as np

from layerkit.arrays import Array, Labels, Shape, Targets, labels_of
from layerkit.contracts.dataset import Target
from layerkit.contracts.metric import ScalarMetric, ScalarMetricConfig
from layerkit.contracts.output import OutputContext, check_one_output_per_class

Mask: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


class RankingMetricConfig(ScalarMetricConfig, ABC):
    """Base of configs of ranking metrics; more is better."""

    higher_is_better: ClassVar[bool] = True

    def check(self, prediction: Shape, target: Target) -> None:
        """Check that there is one number per class."""
        check_one_output_per_class(self.display_name, prediction, target)

    def kept(self, prediction: Shape, target: Target) -> int:
        """Return how many numbers it keeps: predictions, label and weight of every item."""
        classes = prediction[-1]
        items = int(np.prod(prediction[:-1]))
        return items * ((classes if classes > 2 else 1) + 2)


RankingMetricT_co = TypeVar("RankingMetricT_co", bound=RankingMetricConfig, covariant=True)


class RankingMetric(ScalarMetric[RankingMetricT_co], ABC):
    """A ranking metric, which keeps all predictions until `reset`.

    Two classes: class 1 against class 0. More: the mean over the classes of each against all
    others, without those that have no figure.

    Attributes
    ----------
    of_nothing
        The figure where no class has any.
    """

    of_nothing: ClassVar[float] = 0.0

    def __init__(self, config: RankingMetricT_co, context: OutputContext) -> None:
        super().__init__(config, context)
        classes = context.plan.prediction[-1]
        # Each class against the others; of two classes, only the second.
        self._positives = range(classes) if classes > 2 else range(classes - 1, classes)
        self._scores: list[Array] = []
        self._labels: list[Labels] = []
        self._weights: list[Array] = []

    @abstractmethod
    def of_class(self, positive: Array, negative: Array) -> float | None:
        """Return the figure of one class; None if it has none.

        Parameters
        ----------
        positive, negative
            How much the examples of the class, and the others, weigh at every prediction that
            occurs, the smallest first.
        """

    def reset(self) -> None:
        """Forget every prediction."""
        self._scores.clear()
        self._labels.clear()
        self._weights.clear()

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        """Keep the predictions."""
        scores = predictions.reshape(-1, predictions.shape[-1])[:, self._positives.start :]
        self._scores.append(scores.copy())
        self._labels.append(labels_of(targets).flatten())
        self._weights.append(weights.flatten())

    def result(self) -> float:
        """Return the figure, or the mean of the figures of the classes."""
        if not self._scores:
            return self.of_nothing
        scores, labels = np.concatenate(self._scores), np.concatenate(self._labels)
        weights = np.concatenate(self._weights).astype(np.float64)
        figures = [
            figure
            for column, positive in enumerate(self._positives)
            if (figure := self._figure(scores[:, column], weights, np.equal(labels, positive)))
            is not None
        ]
        return sum(figures) / len(figures) if figures else self.of_nothing

    def _figure(self, scores: Array, weights: Array, is_positive: Mask) -> float | None:
        values, place = np.unique(scores, return_inverse=True)
        totals: Array = np.zeros((2, len(values)))
        totals[0] += np.bincount(place, weights * is_positive, len(values))
        totals[1] += np.bincount(place, weights * ~is_positive, len(values))
        return self.of_class(totals[0], totals[1])
