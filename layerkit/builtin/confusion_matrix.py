"""Confusion matrix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, final

import numpy as np

from layerkit.plugin import (
    Array,
    ClassCounts,
    Metric,
    MetricConfig,
    OutputContext,
    Shape,
    Target,
    Targets,
    check_one_output_per_class,
)


class ConfusionMatrixConfig(MetricConfig):
    """A table ``(classes, classes)``: how often each class (row) was predicted as each (column).

    It is among the tables of results, and has no figure of its own. The predicted class is the one
    with the largest prediction; examples count by their weights; where there is a class for every
    step, steps are counted.

    Attributes
    ----------
    normalize
        ``"true"``: each row adds up to 1, so that the diagonal is the recall; ``"pred"``: each
        column does, so that the diagonal is the precision; ``"all"``: the whole table does. Rows
        and columns without any example stay 0. None: counts.

    References
    ----------
    Stehman (1997), Selecting and interpreting measures of thematic classification accuracy.
    """

    type: Literal["confusion_matrix"] = "confusion_matrix"
    normalize: Literal["true", "pred", "all"] | None = None

    def check(self, prediction: Shape, target: Target) -> None:
        """Check that there is one number per class."""
        check_one_output_per_class("confusion_matrix", prediction, target)

    def figures(self, target: Target) -> Mapping[str, bool]:
        """Return none: it is all in the table."""
        return {}


@final
class ConfusionMatrix(Metric[ConfusionMatrixConfig]):
    """See `ConfusionMatrixConfig`."""

    def __init__(self, config: ConfusionMatrixConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self._counts = ClassCounts(context.plan.prediction[-1])

    def reset(self) -> None:
        """Start again from 0."""
        self._counts.reset()

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        """Count true and predicted classes."""
        self._counts.update(predictions, targets, weights)

    def results(self) -> Mapping[str, float]:
        """Return no figure."""
        return {}

    def tables(self) -> Mapping[str, Array]:
        """Return the table."""
        table = self._counts.table.copy()
        axes = {None: None, "true": (1,), "pred": (0,), "all": (0, 1)}[self.config.normalize]
        if axes is not None:
            whole = table.sum(axis=axes, keepdims=True)
            np.divide(table, whole, out=table, where=whole > 0)
        return {self.config.display_name: table}
