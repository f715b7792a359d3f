"""Top-k accuracy."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Gt

from layerkit.plugin import (
    Array,
    OutputContext,
    ScalarMetric,
    ScalarMetricConfig,
    Shape,
    ShapeError,
    Target,
    Targets,
    check_one_output_per_class,
    labels_of,
)


class TopKConfig(ScalarMetricConfig):
    """The fraction of examples whose class is among the ``k`` largest predictions, from 0 to 1.

    Of equal predictions the earlier class comes first, so that ``k = 1`` is `accuracy`;
    scikit-learn has the later one first. Examples count by their weights; where there is a class
    for every step, steps are counted. For several ``k``, give each a ``name``, such as ``top_5``.

    Attributes
    ----------
    k
        From 1 to below the number of classes: all of them together always have the right one.

    References
    ----------
    Krizhevsky, Sutskever, Hinton (2012), ImageNet classification with deep convolutional neural
    networks, section 2, where 1 minus it is the top-5 error.
    """

    higher_is_better: ClassVar[bool] = True

    type: Literal["top_k"] = "top_k"
    k: Annotated[int, Gt(0)] = 5

    def check(self, prediction: Shape, target: Target) -> None:
        """Check that there is one number per class, and more of them than ``k``."""
        classes = check_one_output_per_class("top_k", prediction, target).classes
        if self.k >= classes:
            raise ShapeError(
                f"top_k expects k below the number of classes, {classes}; found {self.k}", ("k",)
            )


@final
class TopK(ScalarMetric[TopKConfig]):
    """See `TopKConfig`."""

    def __init__(self, config: TopKConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self._classes = np.arange(context.plan.prediction[-1])
        self._right = 0.0
        self._seen = 0.0

    def reset(self) -> None:
        """Start again from 0."""
        self._right = 0.0
        self._seen = 0.0

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        """Add up the weights of the items where enough classes have a smaller prediction."""
        labels = labels_of(targets)[..., np.newaxis]
        of_label = np.take_along_axis(predictions, labels, axis=-1)
        # Counts smaller predictions rather than larger ones, so that nan is never right.
        behind = predictions < of_label
        behind |= (predictions == of_label) & (self._classes > labels)
        is_right = behind.sum(axis=-1) >= len(self._classes) - self.config.k
        self._right += float(weights[is_right].sum(dtype=np.float64))
        self._seen += float(weights.sum(dtype=np.float64))

    def result(self) -> float:
        """Return right answers per item; 0 before any batch."""
        return self._right / self._seen if self._seen else 0.0
