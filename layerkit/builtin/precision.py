"""Precision."""

from __future__ import annotations

from typing import Literal, final

from layerkit.plugin import Array, ClassMetric, ClassMetricConfig


class PrecisionConfig(ClassMetricConfig):
    """Of the examples predicted as a class, the fraction that are of it: ``right / predicted``.

    The predicted class is the one with the largest prediction. Examples count by their weights;
    where there is a class for every step, steps are counted. A class that is never predicted
    has 0, and counts in the mean: ``labels=range(classes), zero_division=0`` in scikit-learn.

    Attributes
    ----------
    average
        ``"macro"``: the mean over all classes.
        ``"weighted"``: their mean by how many there are of each.
        ``"micro"``: one ratio of the sums over all classes, which is the accuracy.
        ``"per_class"``: one figure for each class, such as ``precision.cat``, or ``precision.1`` if
        classes have no names; of two classes, that one is scikit-learn's ``"binary"``.

    References
    ----------
    Van Rijsbergen (1979), Information Retrieval, chapter 7.
    """

    type: Literal["precision"] = "precision"


@final
class Precision(ClassMetric[PrecisionConfig]):
    """See `PrecisionConfig`."""

    def ratio(self, right: Array, true: Array, predicted: Array) -> tuple[Array, Array]:
        """``right / predicted``."""
        return right, predicted
