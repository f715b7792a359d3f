"""Matthews correlation coefficient."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, CountsMetric, CountsMetricConfig


class MatthewsConfig(CountsMetricConfig):
    """Correlation of true and predicted classes, from -1 to 1; 0 is chance.

    The predicted class is the one with the largest prediction. Examples count by their weights;
    where there is a class for every step, steps are counted. With
    ``n`` the number of examples and, of every class, ``t`` how often it was true and ``p`` how
    often predicted: ``(n * right - t @ p) / sqrt((n ** 2 - t @ t) * (n ** 2 - p @ p))``. It is 0
    where all examples are of one class, or predicted as one. This is scikit-learn's
    ``matthews_corrcoef``.

    References
    ----------
    Matthews (1975), Comparison of the predicted and observed secondary structure of T4 phage
    lysozyme.
    Gorodkin (2004), Comparing two K-category assignments by a K-category correlation coefficient.
    """

    type: Literal["matthews"] = "matthews"


@final
class Matthews(CountsMetric[MatthewsConfig]):
    """See `MatthewsConfig`."""

    def of_counts(self, table: Array) -> float:
        """Return the correlation; 0 where it would be 0 by 0."""
        if (total := float(table.sum())) == 0:
            return 0.0
        # Shares instead of counts, whose fourth powers could overflow.
        shares = table / total
        true, predicted = shares.sum(axis=1), shares.sum(axis=0)
        # Pairs of different classes are added up, as 1 less those of the same loses digits.
        spread = _unequal_pairs(true) * _unequal_pairs(predicted)
        if spread == 0:
            return 0.0
        covariance = float(shares.trace() - np.dot(true, predicted))
        return covariance / float(np.sqrt(spread))


def _unequal_pairs(shares: Array) -> float:
    """Return ``sum(shares[i] * shares[j])`` over ``i != j``, exactly 0 where one class is all."""
    pairs = np.outer(shares, shares)
    np.fill_diagonal(pairs, 0)
    return float(pairs.sum())
