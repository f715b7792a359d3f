"""Accuracy."""

from __future__ import annotations

from typing import ClassVar, Literal, final

import numpy as np

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


class AccuracyConfig(ScalarMetricConfig):
    """The fraction of examples whose largest prediction is that of their class, from 0 to 1.

    Examples count by their weights; where there is a class for every step, steps are counted.

    References
    ----------
    Sokolova, Lapalme (2009), A systematic analysis of performance measures for classification
    tasks.
    """

    higher_is_better: ClassVar[bool] = True

    type: Literal["accuracy"] = "accuracy"

    def check(self, prediction: Shape, target: Target) -> None:
        """Check that there is one number per class."""
        check_one_output_per_class("accuracy", prediction, target)


@final
class Accuracy(ScalarMetric[AccuracyConfig]):
    """See `AccuracyConfig`."""

    def __init__(self, config: AccuracyConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self._right = 0.0
        self._seen = 0.0

    def reset(self) -> None:
        """Start again from 0."""
        self._right = 0.0
        self._seen = 0.0

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        """Add up the weights of the items whose largest prediction is at the label."""
        is_right = predictions.argmax(axis=-1) == labels_of(targets)
        self._right += float(weights[is_right].sum(dtype=np.float64))
        self._seen += float(weights.sum(dtype=np.float64))

    def result(self) -> float:
        """Return right answers per item; 0 before any batch."""
        return self._right / self._seen if self._seen else 0.0
