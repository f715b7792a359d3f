"""F1 score."""

from __future__ import annotations

from typing import Literal, final

from layerkit.plugin import Array, ClassMetric, ClassMetricConfig


class F1Config(ClassMetricConfig):
    """Harmonic mean of precision and recall, ``2 * right / (true + predicted)``, 0 to 1.

    The predicted class is the one with the largest prediction. Examples count by their weights;
    where there is a class for every step, steps are counted. A class neither there nor predicted
    has 0, and counts in the mean: ``labels=range(classes), zero_division=0`` in scikit-learn.

    Attributes
    ----------
    average
        ``"macro"``: the mean over all classes.
        ``"weighted"``: their mean by how many there are of each.
        ``"micro"``: one ratio of the sums over all classes, which is the accuracy.
        ``"per_class"``: one figure for each class, such as ``f1.cat``, or ``f1.1`` if
        classes have no names; of two classes, that one is scikit-learn's ``"binary"``.

    References
    ----------
    Van Rijsbergen (1979), Information Retrieval, chapter 7.
    """

    type: Literal["f1"] = "f1"


@final
class F1(ClassMetric[F1Config]):
    """See `F1Config`."""

    def ratio(self, right: Array, true: Array, predicted: Array) -> tuple[Array, Array]:
        """``2 * right / (true + predicted)``."""
        return 2 * right, true + predicted
