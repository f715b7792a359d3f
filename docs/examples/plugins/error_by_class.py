"""A metric of several figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, final

import numpy as np

from layerkit.plugin import (
    Array,
    ClassTarget,
    Metric,
    MetricConfig,
    OutputContext,
    Shape,
    Target,
    Targets,
    check_one_output_per_class,
    labels_of,
)


class ErrorByClassConfig(MetricConfig):
    """The share of examples of each class whose largest prediction is elsewhere, from 0 to 1."""

    type: Literal["error_by_class"] = "error_by_class"

    def check(self, prediction: Shape, target: Target) -> None:
        """Check that there is one number per class."""
        check_one_output_per_class("error_by_class", prediction, target)

    def figures(self, target: Target) -> Mapping[str, bool]:
        """Return a figure for each class, and that lower is better."""
        classes = target.classes if isinstance(target, ClassTarget) else 0
        return {f"{self.display_name}.{label}": False for label in range(classes)}


@final
class ErrorByClass(Metric[ErrorByClassConfig]):
    """See `ErrorByClassConfig`."""

    def __init__(self, config: ErrorByClassConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self._names = list(config.figures(context.target))
        self._wrong = np.zeros(len(self._names))
        self._seen = np.zeros(len(self._names))

    def reset(self) -> None:
        """Start again from 0."""
        self._wrong.fill(0)
        self._seen.fill(0)

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        """Add up weights by class."""
        labels = labels_of(targets)
        is_wrong = predictions.argmax(axis=-1) != labels
        np.add.at(self._wrong, labels, weights * is_wrong)
        np.add.at(self._seen, labels, weights)

    def results(self) -> Mapping[str, float]:
        """Return the share of each class; 0 for a class without examples."""
        shares = self._wrong / np.maximum(self._seen, 1e-300)
        return dict(zip(self._names, shares.tolist(), strict=True))
