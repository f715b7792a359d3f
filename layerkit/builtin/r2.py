"""Coefficient of determination."""

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


class R2Config(ScalarMetricConfig):
    """The share of the targets' squares about their mean that is explained; 1 is all.

    ``1 - sum((target - prediction) ** 2) / sum((target - mean) ** 2)``.

    1 is perfect, 0 no better than to predict the mean of the targets, below 0 worse. Of several
    values of a target, the mean of theirs. Items count by their weights. A value that is the same
    in all targets gives 1 if it is predicted exactly, else 0; it is 0 before any batch. This is
    scikit-learn's ``r2_score``.

    References
    ----------
    Draper, Smith (1998), Applied regression analysis, section 1.3.
    """

    higher_is_better: ClassVar[bool] = True

    of_numbers: ClassVar[bool] = True

    type: Literal["r2"] = "r2"

    def check(self, prediction: Shape, target: Target) -> None:
        """Check that there is a number for every value of the target."""
        check_one_output_per_value("r2", prediction, target)


@final
class R2(ScalarMetric[R2Config]):
    """See `R2Config`."""

    def __init__(self, config: R2Config, context: OutputContext) -> None:
        super().__init__(config, context)
        self._values = (context.plan.prediction or (1,))[-1]
        self.reset()

    def reset(self) -> None:
        """Start again without items."""
        # Sums are of targets less the first one, so that a large mean costs no digits.
        self._origin: Array | None = None
        self._seen = 0.0
        self._errors: Array = np.zeros(self._values)
        self._sums: Array = np.zeros(self._values)
        self._squares: Array = np.zeros(self._values)

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        """Add up the squares of a batch, times the weights of its items."""
        true = targets.reshape(-1, self._values).astype(np.float64)
        count = weights.reshape(-1).astype(np.float64)
        if self._origin is None and len(true):
            self._origin = true[0].copy()
        if self._origin is None:
            return
        errors = np.square(true - predictions.reshape(true.shape))
        moved = true - self._origin
        self._seen += float(count.sum())
        self._errors += count @ errors
        self._sums += count @ moved
        self._squares += count @ np.square(moved)

    def result(self) -> float:
        """Return the mean over the values of a target."""
        if not self._seen:
            return 0.0
        spread = self._squares - np.square(self._sums) / self._seen
        # Less than rounding errors is no spread.
        varies = spread > np.finfo(np.float64).eps * 8 * self._squares
        shares = np.where(self._errors > 0, 0.0, 1.0)
        np.divide(self._errors, spread, out=shares, where=varies)
        np.subtract(1, shares, out=shares, where=varies)
        return float(shares.mean())
