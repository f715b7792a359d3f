"""Expected calibration error."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge

from layerkit.plugin import (
    Array,
    OutputContext,
    ScalarMetric,
    ScalarMetricConfig,
    Shape,
    Target,
    Targets,
    check_one_output_per_class,
    labels_of,
)


class CalibrationErrorConfig(ScalarMetricConfig):
    """How far predicted probabilities are from how often they are right, from 0 to 1.

    For losses that predict probabilities of the classes: ``softmax_cross_entropy``,
    ``binary_cross_entropy``, ``focal``. Beside one that predicts scores, as ``hinge``, it is an
    error.
    Items count by their weights; where there is a class for every step, steps are counted.

    The largest probability of an item is its confidence. Confidences are sorted into ``bins`` of
    the same width, ``(0, 1 / bins]`` the first; the error is the mean over items of
    ``|accuracy - mean confidence|`` of their bin. It is 0 before any batch. scikit-learn has none;
    its ``calibration_curve`` draws the same bins.

    Attributes
    ----------
    bins
        How many there are, from 1.

    References
    ----------
    Naeini, Cooper, Hauskrecht (2015), Obtaining well calibrated probabilities using Bayesian
    binning.
    Guo, Pleiss, Sun, Weinberger (2017), On calibration of modern neural networks.
    """

    higher_is_better: ClassVar[bool] = False
    of_probabilities: ClassVar[bool] = True

    type: Literal["expected_calibration_error"] = "expected_calibration_error"
    bins: Annotated[int, Ge(1)] = 15

    def check(self, prediction: Shape, target: Target) -> None:
        """Check that there is one number per class."""
        check_one_output_per_class("expected_calibration_error", prediction, target)


@final
class CalibrationError(ScalarMetric[CalibrationErrorConfig]):
    """See `CalibrationErrorConfig`."""

    def __init__(self, config: CalibrationErrorConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self._gaps: Array = np.zeros(config.bins)
        self._seen = 0.0

    def reset(self) -> None:
        """Start again from 0."""
        self._gaps.fill(0)
        self._seen = 0.0

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        """Add up, in every bin, right answers less confidence, times weights."""
        p = predictions.reshape(-1, predictions.shape[-1])
        bins, count = self.config.bins, weights.reshape(-1).astype(np.float64)
        confidence = p.max(axis=1).astype(np.float64)
        is_right = p.argmax(axis=1) == labels_of(targets).reshape(-1)
        place = np.clip(np.ceil(confidence * bins) - 1, 0, bins - 1).astype(np.int64)
        self._gaps += np.bincount(place, count * (is_right - confidence), bins)
        self._seen += float(count.sum())

    def result(self) -> float:
        """Return the error so far; 0 before any batch."""
        # In each bin, |accuracy - mean confidence| times its weight is the size of the sum.
        return float(np.abs(self._gaps).sum()) / self._seen if self._seen else 0.0
