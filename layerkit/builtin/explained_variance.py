"""Explained variance."""

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


class ExplainedVarianceConfig(ScalarMetricConfig):
    """The share of the targets' variance that is explained, wherever their mean is.

    ``1 - variance(target - prediction) / variance(target)``.

    1 is perfect. Unlike ``r2``, it does not count an error that is the same everywhere.
    Of several values of a target, the mean of theirs. Items count by their weights. A value that is
    the same in all targets gives 1 if the error is too, else 0; it is 0 before any batch. This is
    scikit-learn's ``explained_variance_score``.

    References
    ----------
    Draper, Smith (1998), Applied regression analysis, section 1.3.
    """

    higher_is_better: ClassVar[bool] = True

    type: Literal["explained_variance"] = "explained_variance"

    def check(self, prediction: Shape, target: Target) -> None:
        """Check that there is a number for every value of the target."""
        check_one_output_per_value("explained_variance", prediction, target)


@final
class ExplainedVariance(ScalarMetric[ExplainedVarianceConfig]):
    """See `ExplainedVarianceConfig`."""

    def __init__(self, config: ExplainedVarianceConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        values = (context.plan.prediction or (1,))[-1]
        self._errors, self._targets = _Spread(values), _Spread(values)

    def reset(self) -> None:
        """Start again without items."""
        self._errors.reset()
        self._targets.reset()

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        """Add the spread of the errors and of the targets of a batch."""
        count = weights.reshape(-1).astype(np.float64)
        errors = differences(predictions, targets)
        self._errors.add(errors, count)
        self._targets.add(targets.reshape(errors.shape).astype(np.float64), count)

    def result(self) -> float:
        """Return the mean over the values of a target."""
        if not self._targets.seen:
            return 0.0
        left, spread = self._errors.squares, self._targets.squares
        shares = np.where(left > 0, 1.0, 0.0)
        np.divide(left, spread, out=shares, where=spread > 0)
        return float((1 - shares).mean())


class _Spread:
    """Weighted squares about the mean, of values that come a batch at a time.

    References
    ----------
    Chan, Golub, LeVeque (1983), Algorithms for computing the sample variance: analysis and
    recommendations.
    """

    def __init__(self, values: int) -> None:
        self._origin: Array | None = None
        self._mean: Array = np.zeros(values)
        self.squares: Array = np.zeros(values)
        self.seen = 0.0

    def reset(self) -> None:
        """Start again without values."""
        self._origin = None
        self._mean.fill(0)
        self.squares.fill(0)
        self.seen = 0.0

    def add(self, x: Array, count: Array) -> None:
        """Add ``(n, values)`` with weights ``(n,)``."""
        x, count = x[count > 0], count[count > 0]
        if not len(x):
            return
        # Measured from the first one, a value that never changes has no spread at all.
        origin = x[0].copy() if self._origin is None else self._origin
        self._origin = origin
        x = x - origin
        added = float(count.sum())
        mean = count @ x / added
        self.squares += count @ np.square(x - mean)
        total = self.seen + added
        self.squares += np.square(mean - self._mean) * (self.seen * added / total)
        self._mean += (mean - self._mean) * (added / total)
        self.seen = total
