"""Root mean squared error."""

from __future__ import annotations

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


class RootSquaredErrorConfig(ScalarMetricConfig):
    """``sqrt(mean((prediction - target) ** 2))`` over items, in the units of the targets.

    Of several values of a target, the mean of their roots, as in scikit-learn's
    ``root_mean_squared_error``. Items count by their weights; where there is a target for every
    step, steps are counted.

    References
    ----------
    Hyndman, Koehler (2006), Another look at measures of forecast accuracy.
    """

    higher_is_better: ClassVar[bool] = False

    type: Literal["root_mean_squared_error"] = "root_mean_squared_error"

    def check(self, prediction: Shape, target: Target) -> None:
        """Check that there is a number for every value of the target."""
        check_one_output_per_value("root_mean_squared_error", prediction, target)


@final
class RootSquaredError(ScalarMetric[RootSquaredErrorConfig]):
    """See `RootSquaredErrorConfig`."""

    def __init__(self, config: RootSquaredErrorConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self._sums: Array = np.zeros((context.plan.prediction or (1,))[-1])
        self._seen = 0.0

    def reset(self) -> None:
        """Start again from 0."""
        self._sums.fill(0)
        self._seen = 0.0

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        """Add up the squares of a batch, times the weights of its items."""
        count = weights.reshape(-1).astype(np.float64)
        self._sums += count @ np.square(differences(predictions, targets))
        self._seen += float(count.sum())

    def result(self) -> float:
        """Return the mean of the roots so far; 0 before any batch."""
        return float(np.sqrt(self._sums / self._seen).mean()) if self._seen else 0.0
