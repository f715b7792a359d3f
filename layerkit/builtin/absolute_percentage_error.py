"""Mean absolute percentage error."""

from __future__ import annotations

from typing import ClassVar, Literal, final

import numpy as np

from layerkit.plugin import (
    Array,
    MeanMetric,
    ScalarMetricConfig,
    Shape,
    Target,
    Targets,
    check_one_output_per_value,
    differences,
)


class AbsolutePercentageErrorConfig(ScalarMetricConfig):
    """Error as a share of the target: 0.1 is ten percent off.

    ``mean(|prediction - target| / |target|)`` over items and values.

    Items count by their weights; where there is a target for every step, steps are counted.
    A ``|target|`` below 2.2e-16 counts as that, so a target of 0 makes it very large. It is
    scikit-learn's ``mean_absolute_percentage_error``; Keras' is 100 times as large.

    References
    ----------
    Hyndman, Koehler (2006), Another look at measures of forecast accuracy.
    """

    higher_is_better: ClassVar[bool] = False

    type: Literal["mean_absolute_percentage_error"] = "mean_absolute_percentage_error"

    def check(self, prediction: Shape, target: Target) -> None:
        """Check that there is a number for every value of the target."""
        check_one_output_per_value("mean_absolute_percentage_error", prediction, target)


@final
class AbsolutePercentageError(MeanMetric[AbsolutePercentageErrorConfig]):
    """See `AbsolutePercentageErrorConfig`."""

    def of_items(self, predictions: Array, targets: Targets) -> Array:
        """Return the mean of ``|error| / |target|`` of every item."""
        errors = np.abs(differences(predictions, targets))
        size = np.abs(targets.reshape(errors.shape).astype(np.float64))
        means: Array = (errors / np.maximum(size, np.finfo(np.float64).eps)).mean(axis=1)
        return means
