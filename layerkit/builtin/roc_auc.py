"""Area under the receiver operating characteristic curve."""

from __future__ import annotations

from typing import ClassVar, Literal, final

import numpy as np

from layerkit.plugin import Array, RankingMetric, RankingMetricConfig


class RocAucConfig(RankingMetricConfig):
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

    type: Literal["roc_auc"] = "roc_auc"


@final
class RocAuc(RankingMetric[RocAucConfig]):
    """See `RocAucConfig`."""

    of_nothing: ClassVar[float] = 0.5

    def of_class(self, positive: Array, negative: Array) -> float | None:
        """Return the area under the curve of one class; None if either side weighs nothing."""
        pairs = float(positive.sum() * negative.sum())
        if pairs == 0:
            return None
        below = np.cumsum(negative) - negative / 2
        return float(np.dot(positive, below)) / pairs
