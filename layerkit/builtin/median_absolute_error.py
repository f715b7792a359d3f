"""Median absolute error."""

from __future__ import annotations

import math
from typing import ClassVar, Literal, final

import numpy as np

from layerkit.plugin import (
    Array,
    OutputContext,
    ScalarMetric,
    ScalarMetricConfig,
    Shape,
    Target,
    Targets,
    check_one_output_per_value,
    differences,
)


class MedianAbsoluteErrorConfig(ScalarMetricConfig):
    """``median(|prediction - target|)`` over items, in the units of the targets.

    Outliers do not change it. Of several values of a target, the mean of their medians. Items count
    by their weights: the median is where half of the weight lies below, and midway between two
    errors where exactly half does. Where there is a target for every step, steps are items. It is 0
    before any batch. This is scikit-learn's ``median_absolute_error``.

    Keeps all errors until `reset`, one number and a weight for each value of a target.

    References
    ----------
    Hyndman, Koehler (2006), Another look at measures of forecast accuracy.
    """

    higher_is_better: ClassVar[bool] = False

    type: Literal["median_absolute_error"] = "median_absolute_error"

    def check(self, prediction: Shape, target: Target) -> None:
        """Check that there is a number for every value of the target."""
        check_one_output_per_value("median_absolute_error", prediction, target)

    def kept(self, prediction: Shape, target: Target) -> int:
        """Return how many numbers it keeps: every error, and the weight of every item."""
        return math.prod(prediction) + math.prod(prediction[:-1])


@final
class MedianAbsoluteError(ScalarMetric[MedianAbsoluteErrorConfig]):
    """See `MedianAbsoluteErrorConfig`."""

    def __init__(self, config: MedianAbsoluteErrorConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self._errors: list[Array] = []
        self._weights: list[Array] = []

    def reset(self) -> None:
        """Forget every error."""
        self._errors.clear()
        self._weights.clear()

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        """Keep the errors of a batch."""
        self._errors.append(np.abs(differences(predictions, targets)))
        self._weights.append(weights.flatten())

    def result(self) -> float:
        """Return the mean of the medians of the values of a target."""
        if not self._errors:
            return 0.0
        errors = np.concatenate(self._errors)
        weights = np.concatenate(self._weights).astype(np.float64)
        errors, weights = errors[weights > 0], weights[weights > 0]
        if not len(errors):
            return 0.0
        medians = [_median(errors[:, value], weights) for value in range(errors.shape[1])]
        return sum(medians) / len(medians)


def _median(values: Array, weights: Array) -> float:
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order])
    half = below[-1] / 2
    at = int(np.count_nonzero(below < half))
    middle = float(values[order[at]])
    if below[at] - half > np.finfo(np.float64).eps * below[-1]:
        return middle
    return (middle + float(values[order[at + 1]])) / 2
