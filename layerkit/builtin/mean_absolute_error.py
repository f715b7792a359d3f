"""Mean absolute error."""

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
)


class MeanAbsoluteErrorConfig(ScalarMetricConfig):
    """``mean(|prediction - target|)`` over examples and values, in the units of the targets.

    Examples count by their weights; where there is a target for every step, steps are counted.

    References
    ----------
    Willmott, Matsuura (2005), Advantages of the mean absolute error (MAE) over the root mean
    square error (RMSE) in assessing average model performance.
    """

    higher_is_better: ClassVar[bool] = False

    of_numbers: ClassVar[bool] = True

    type: Literal["mean_absolute_error"] = "mean_absolute_error"

    def check(self, prediction: Shape, target: Target) -> None:
        """Check that there is a number for every value of the target."""
        check_one_output_per_value("mean_absolute_error", prediction, target)


@final
class MeanAbsoluteError(ScalarMetric[MeanAbsoluteErrorConfig]):
    """See `MeanAbsoluteErrorConfig`."""

    def __init__(self, config: MeanAbsoluteErrorConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self._sum = 0.0
        self._seen = 0.0

    def reset(self) -> None:
        """Start again from 0."""
        self._sum = 0.0
        self._seen = 0.0

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        """Add up the errors of a batch, times the weights of its items."""
        errors = np.abs(np.subtract(predictions, targets.reshape(predictions.shape)))
        means = errors.reshape(weights.size, -1).mean(axis=1, dtype=np.float64)
        self._sum += float(np.dot(means, weights.reshape(-1)))
        self._seen += float(weights.sum(dtype=np.float64))

    def result(self) -> float:
        """Return the mean so far; 0 before any batch."""
        return self._sum / self._seen if self._seen else 0.0
