"""Brier score."""

from __future__ import annotations

from typing import ClassVar, Literal, final

import numpy as np

from layerkit.plugin import (
    Array,
    MeanMetric,
    ScalarMetricConfig,
    Shape,
    Target,
    Targets,
    check_one_output_per_class,
    labels_of,
)


class BrierConfig(ScalarMetricConfig):
    """Squared error of predicted probabilities, summed over classes.

    ``mean(sum((p - q) ** 2))`` over classes, with ``q`` 1 at the item's class and 0 elsewhere.

    For losses that predict probabilities of the classes: ``softmax_cross_entropy``,
    ``binary_cross_entropy``, ``focal``. Beside one that predicts scores, as ``hinge``, it is an
    error.
    Items count by their weights; where there is a class for every step, steps are counted.
    Of two classes it is half of that, ``mean((p[1] - label) ** 2)``, from 0 to 1; of more, from 0
    to 2. This is scikit-learn's ``brier_score_loss`` with ``scale_by_half="auto"``.

    References
    ----------
    Brier (1950), Verification of forecasts expressed in terms of probability.
    """

    higher_is_better: ClassVar[bool] = False
    of_probabilities: ClassVar[bool] = True

    type: Literal["brier"] = "brier"

    def check(self, prediction: Shape, target: Target) -> None:
        """Check that there is one number per class."""
        check_one_output_per_class("brier", prediction, target)


@final
class Brier(MeanMetric[BrierConfig]):
    """See `BrierConfig`."""

    def of_items(self, predictions: Array, targets: Targets) -> Array:
        """Return the sum of squares of every item; half of it for two classes."""
        errors = predictions.reshape(-1, predictions.shape[-1]).astype(np.float64)
        errors[np.arange(len(errors)), labels_of(targets).reshape(-1)] -= 1
        scores: Array = np.square(errors).sum(axis=1)
        return scores / 2 if errors.shape[1] == 2 else scores
