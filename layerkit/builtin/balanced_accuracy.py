"""Balanced accuracy."""

from __future__ import annotations

from typing import Literal, final

from layerkit.plugin import Array, CountsMetric, CountsMetricConfig


class BalancedAccuracyConfig(CountsMetricConfig):
    """The mean, over the classes that have examples, of the fraction predicted correctly.

    The predicted class is the one with the largest prediction. Examples count by their weights;
    where there is a class for every step, steps are counted. From
    0 to 1; ``1 / classes`` is chance. It is 0 before any batch. This is scikit-learn's
    ``balanced_accuracy_score``; ``recall`` with ``average = "macro"`` counts a class without
    examples as 0, and this leaves it out.

    References
    ----------
    Brodersen, Ong, Stephan, Buhmann (2010), The balanced accuracy and its posterior distribution.
    """

    type: Literal["balanced_accuracy"] = "balanced_accuracy"


@final
class BalancedAccuracy(CountsMetric[BalancedAccuracyConfig]):
    """See `BalancedAccuracyConfig`."""

    def of_counts(self, table: Array) -> float:
        """Return the mean of ``right / true`` over classes with examples."""
        true = table.sum(axis=1)
        present = true > 0
        if not present.any():
            return 0.0
        return float((table.diagonal()[present] / true[present]).mean())
