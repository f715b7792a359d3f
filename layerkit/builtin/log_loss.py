"""Logarithmic loss."""

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


class LogLossConfig(ScalarMetricConfig):
    """Cross-entropy of predicted probabilities, in nats.

    ``mean(-log(p))``, with ``p`` the predicted probability of the item's class.

    For losses that predict probabilities of the classes: ``softmax_cross_entropy``,
    ``binary_cross_entropy``, ``focal``. Beside one that predicts scores, as ``hinge``, it is an
    error.
    Items count by their weights; where there is a class for every step, steps are counted.
    Probabilities are clipped to ``epsilon`` and ``1 - epsilon``, the machine's for their dtype, so
    that a wrong 0 costs about 36 in float64 and 16 in float32. This is the cross-entropy, without
    the class weights and the label smoothing of a loss; scikit-learn's ``log_loss``.

    References
    ----------
    Good (1952), Rational decisions.
    """

    higher_is_better: ClassVar[bool] = False
    of_probabilities: ClassVar[bool] = True

    type: Literal["log_loss"] = "log_loss"

    def check(self, prediction: Shape, target: Target) -> None:
        """Check that there is one number per class."""
        check_one_output_per_class("log_loss", prediction, target)


@final
class LogLoss(MeanMetric[LogLossConfig]):
    """See `LogLossConfig`."""

    def of_items(self, predictions: Array, targets: Targets) -> Array:
        """Return ``-log(p)`` of every item."""
        p = predictions.reshape(-1, predictions.shape[-1])
        of_label = p[np.arange(len(p)), labels_of(targets).reshape(-1)]
        epsilon = np.finfo(predictions.dtype).eps
        return -np.log(np.clip(of_label, epsilon, 1 - epsilon).astype(np.float64))
