"""Metrics of single classes and their averages, from counts of true and predicted classes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Literal, TypeVar

import numpy as np

from layerkit.arrays import Array, Shape, Targets, labels_of
from layerkit.contracts.dataset import ClassTarget, Target
from layerkit.contracts.metric import Metric, MetricConfig, ScalarMetric, ScalarMetricConfig
from layerkit.contracts.output import OutputContext, check_one_output_per_class


class ClassCounts:
    """How often each class was predicted for each class, by weight: a confusion matrix.

    The predicted class is the one with the largest prediction, the first of those that are equal.

    Parameters
    ----------
    classes
        How many there are.

    Attributes
    ----------
    table
        ``(classes, classes)``, float64: the row is the true class, the column the predicted one.
    """

    def __init__(self, classes: int) -> None:
        self.table: Array = np.zeros((classes, classes))

    def reset(self) -> None:
        """Forget every batch."""
        self.table.fill(0)

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        """Count one batch; arguments are those of `Metric.update`."""
        classes = len(self.table)
        cells = labels_of(targets) * classes + predictions.argmax(axis=-1)
        counts = np.bincount(cells.reshape(-1), weights.reshape(-1), classes * classes)
        self.table += counts.reshape(classes, classes)


class CountsMetricConfig(ScalarMetricConfig, ABC):
    """Base of configs of metrics with one figure that follows from `ClassCounts`."""

    higher_is_better: ClassVar[bool] = True

    def check(self, prediction: Shape, target: Target) -> None:
        """Check that there is one number per class."""
        check_one_output_per_class(self.display_name, prediction, target)


CountsMetricT_co = TypeVar("CountsMetricT_co", bound=CountsMetricConfig, covariant=True)


class CountsMetric(ScalarMetric[CountsMetricT_co], ABC):
    """One figure of a confusion matrix."""

    def __init__(self, config: CountsMetricT_co, context: OutputContext) -> None:
        super().__init__(config, context)
        self._counts = ClassCounts(context.plan.prediction[-1])

    @abstractmethod
    def of_counts(self, table: Array) -> float:
        """Return the figure of a table like that of `ClassCounts`; it may be all 0."""

    def reset(self) -> None:
        """Forget every batch."""
        self._counts.reset()

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        """Count true and predicted classes."""
        self._counts.update(predictions, targets, weights)

    def result(self) -> float:
        """Return `of_counts` of all batches."""
        return self.of_counts(self._counts.table)


class ClassMetricConfig(MetricConfig, ABC):
    """Base of configs of metrics that every class has, such as its precision.

    Attributes
    ----------
    average
        ``"macro"``: the mean over all classes. ``"weighted"``: their mean by how often each is the
        true class. ``"micro"``: one ratio of the sums over all classes. ``"per_class"``: no
        average, but one figure for each class, named by the class, or by its index where the data
        have no names: ``precision.cat``, ``precision.0``.
    """

    average: Literal["macro", "weighted", "micro", "per_class"] = "macro"

    def check(self, prediction: Shape, target: Target) -> None:
        """Check that there is one number per class."""
        check_one_output_per_class(self.display_name, prediction, target)

    def figures(self, target: Target) -> Mapping[str, bool]:
        """Return the average, or one figure for each class; higher is better."""
        if self.average == "per_class" and isinstance(target, ClassTarget):
            names = target.names or tuple(map(str, range(target.classes)))
            return {f"{self.display_name}.{name}": True for name in names}
        return {self.display_name: True}


ClassMetricT_co = TypeVar("ClassMetricT_co", bound=ClassMetricConfig, covariant=True)


class ClassMetric(Metric[ClassMetricT_co], ABC):
    """A ratio that every class has, of counts by weight; 0 where it would be 0 by 0."""

    def __init__(self, config: ClassMetricT_co, context: OutputContext) -> None:
        super().__init__(config, context)
        self._counts = ClassCounts(context.plan.prediction[-1])

    @abstractmethod
    def ratio(self, right: Array, true: Array, predicted: Array) -> tuple[Array, Array]:
        """Return numerator and denominator for every class.

        Parameters
        ----------
        right
            How often the class was predicted correctly.
        true, predicted
            How often it was the true class, and the predicted one.
        """

    def reset(self) -> None:
        """Forget every batch."""
        self._counts.reset()

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        """Count true and predicted classes."""
        self._counts.update(predictions, targets, weights)

    def results(self) -> Mapping[str, float]:
        """Return the average, or one figure for each class."""
        table = self._counts.table
        true = table.sum(axis=1)
        part, whole = self.ratio(table.diagonal(), true, table.sum(axis=0))
        of_class = _divided(part, whole)
        average = self.config.average
        names = self.config.figures(self.context.target)
        if average == "macro":
            figures = of_class.mean()
        elif average == "weighted":
            figures = _divided(np.dot(of_class, true), true.sum())
        elif average == "micro":
            figures = _divided(part.sum(), whole.sum())
        else:
            figures = of_class
        return dict(zip(names, np.atleast_1d(figures).tolist(), strict=True))


def _divided(part: Array | np.float64, whole: Array | np.float64) -> Array:
    """Return the quotient, 0 where ``whole`` is 0."""
    quotient: Array = np.zeros(np.shape(whole))
    np.divide(part, whole, out=quotient, where=np.greater(whole, 0))
    return quotient
