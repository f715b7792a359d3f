"""Area under the receiver operating characteristic curve."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias, final

import numpy as np

from layerkit.plugin import (
    Array,
    Labels,
    OutputContext,
    ScalarMetric,
    ScalarMetricConfig,
    Shape,
    Target,
    Targets,
    check_one_output_per_class,
    labels_of,
)

Mask: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


class RocAucConfig(ScalarMetricConfig):
    """How often an example of a class has a larger prediction for it than one of another class.

    From 0 to 1; 0.5 is chance. Equal predictions count half: this is the exact area under the
    curve, not one of a few thresholds. Pairs of examples count by the products of their weights.

    Two classes: class 1 against class 0. More: the mean over the classes of each against all
    others, ``multi_class="ovr", average="macro"`` in scikit-learn; a class without examples, or
    without others, is left out of the mean. Where none is left, it is 0.5.

    Keeps all predictions until `reset`, ``classes`` numbers for each example. Where there is a
    class for every step, steps are examples.

    References
    ----------
    Hanley, McNeil (1982), The meaning and use of the area under a receiver operating
    characteristic (ROC) curve.
    """

    higher_is_better: ClassVar[bool] = True

    type: Literal["roc_auc"] = "roc_auc"

    def check(self, prediction: Shape, target: Target) -> None:
        """Check that there is one number per class."""
        check_one_output_per_class("roc_auc", prediction, target)


@final
class RocAuc(ScalarMetric[RocAucConfig]):
    """See `RocAucConfig`."""

    def __init__(self, config: RocAucConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        classes = context.plan.prediction[-1]
        # Each class against the others; of two classes, only the second.
        self._positives = range(classes) if classes > 2 else range(classes - 1, classes)
        self._scores: list[Array] = []
        self._labels: list[Labels] = []
        self._weights: list[Array] = []

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
        """Return the area, or the mean of the areas; 0.5 where there is nothing to compare."""
        if not self._scores:
            return 0.5
        scores, labels = np.concatenate(self._scores), np.concatenate(self._labels)
        weights = np.concatenate(self._weights).astype(np.float64)
        areas = [
            area
            for column, positive in enumerate(self._positives)
            if (area := _area(scores[:, column], weights, np.equal(labels, positive))) is not None
        ]
        return sum(areas) / len(areas) if areas else 0.5


def _area(scores: Array, weights: Array, is_positive: Mask) -> float | None:
    """Return the area under the curve of one class; None if either side weighs nothing."""
    values, place = np.unique(scores, return_inverse=True)
    positive = np.bincount(place, np.where(is_positive, weights, 0), len(values))
    negative = np.bincount(place, np.where(is_positive, 0, weights), len(values))
    pairs = float(positive.sum() * negative.sum())
    if pairs == 0:
        return None
    below = np.cumsum(negative) - negative / 2
    return float(np.dot(positive, below)) / pairs
