"""Cohen's kappa."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, CountsMetric, CountsMetricConfig


class CohenKappaConfig(CountsMetricConfig):
    """Agreement of true and predicted classes beyond chance, ``1 - observed / expected``.

    The predicted class is the one with the largest prediction. Examples count by their weights;
    where there is a class for every step, steps are counted. ``observed``
    is the sum over the confusion matrix of disagreements, ``expected`` what it would be if true and
    predicted classes were drawn apart. 1 is perfect, 0 chance. It is 0 where no disagreement can be
    expected, as all examples are of one class and predicted as it, and before any batch. This is
    scikit-learn's ``cohen_kappa_score`` with ``labels=range(classes)``.

    Attributes
    ----------
    weights
        How much it counts to predict class ``j`` for class ``i``: ``"none"`` 1, ``"linear"``
        ``|i - j|``, ``"quadratic"`` ``(i - j) ** 2``, for classes that have an order.

    References
    ----------
    Cohen (1960), A coefficient of agreement for nominal scales.
    Cohen (1968), Weighted kappa: nominal scale agreement with provision for scaled disagreement
    or partial credit.
    """

    type: Literal["cohen_kappa"] = "cohen_kappa"
    weights: Literal["none", "linear", "quadratic"] = "none"


@final
class CohenKappa(CountsMetric[CohenKappaConfig]):
    """See `CohenKappaConfig`."""

    def of_counts(self, table: Array) -> float:
        """Return the agreement; 0 where it would be 0 by 0."""
        if (total := float(table.sum())) == 0:
            return 0.0
        index = np.arange(len(table))
        distance = np.abs(index[:, np.newaxis] - index)
        disagreement = distance ** {"none": 0, "linear": 1, "quadratic": 2}[self.config.weights]
        np.fill_diagonal(disagreement, 0)
        expected = float((np.outer(table.sum(axis=1), table.sum(axis=0)) * disagreement).sum())
        if expected == 0:
            return 0.0
        return 1 - float((table * disagreement).sum()) * total / expected
