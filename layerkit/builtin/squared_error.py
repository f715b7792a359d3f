"""Mean squared error, as a metric."""

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


class SquaredErrorConfig(ScalarMetricConfig):
    """``mean((prediction - target) ** 2)`` over items and values, in squared units of the targets.

    Items count by their weights; where there is a target for every step, steps are counted.
    Where the loss has ``target_mean`` and ``target_deviation``, this stays in the targets' own
    units. It is scikit-learn's ``mean_squared_error``.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), Deep Learning, section 5.1.4.
    """

    higher_is_better: ClassVar[bool] = False

    type: Literal["mean_squared_error"] = "mean_squared_error"

    def check(self, prediction: Shape, target: Target) -> None:
        """Check that there is a number for every value of the target."""
        check_one_output_per_value("mean_squared_error", prediction, target)


@final
class SquaredError(MeanMetric[SquaredErrorConfig]):
    """See `SquaredErrorConfig`."""

    def of_items(self, predictions: Array, targets: Targets) -> Array:
        """Return the mean of squares of every item."""
        means: Array = np.square(differences(predictions, targets)).mean(axis=1)
        return means
