"""Average precision: area under the curve of precision against recall."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, RankingMetric, RankingMetricConfig


class AveragePrecisionConfig(RankingMetricConfig):
    """Area under the curve of precision over recall, from 0 to 1.

    ``sum((recall[n] - recall[n - 1]) * precision[n])`` over all predictions as thresholds.

    From 0 to 1; chance is the share of the class. Tells more than ``roc_auc`` where a class is
    rare. Equal predictions are one threshold; nothing is interpolated. Examples count by their
    weights.

    Two classes: class 1. More: the mean over the classes of each against all others,
    ``average="macro"`` in scikit-learn; a class without examples is left out of the mean. Where
    none is left, it is 0.

    Keeps all predictions until `reset`, ``classes`` numbers for each example. Where there is a
    class for every step, steps are examples. This is scikit-learn's ``average_precision_score``.

    References
    ----------
    Zhu (2004), Recall, precision and average precision.
    """

    type: Literal["average_precision"] = "average_precision"


@final
class AveragePrecision(RankingMetric[AveragePrecisionConfig]):
    """See `AveragePrecisionConfig`."""

    def of_class(self, positive: Array, negative: Array) -> float | None:
        """Return the average precision of one class; None if it has no examples."""
        total = float(positive.sum())
        if total == 0:
            return None
        right = np.cumsum(positive[::-1])
        predicted = right + np.cumsum(negative[::-1])
        precision = np.zeros_like(right)
        np.divide(right, predicted, out=precision, where=predicted > 0)
        return float(np.dot(positive[::-1], precision)) / total
