"""Accuracy."""

from __future__ import annotations

from typing import ClassVar, Literal, final

import numpy as np

from layerkit.plugin import (
    Array,
    Metric,
    MetricConfig,
    OutputContext,
    Shape,
    Target,
    Targets,
    check_one_output_per_class,
    labels_of,
)


class AccuracyConfig(MetricConfig):
    """The fraction of examples whose largest output is that of their class, from 0 to 1."""

    higher_is_better: ClassVar[bool] = True

    type: Literal["accuracy"] = "accuracy"

    def check(self, output: Shape, target: Target) -> None:
        """Check that there is one output per class."""
        check_one_output_per_class("accuracy", output, target)


@final
class Accuracy(Metric[AccuracyConfig]):
    """See `AccuracyConfig`."""

    def __init__(self, config: AccuracyConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self._right = 0
        self._seen = 0

    def reset(self) -> None:
        """Start counting anew."""
        self._right = 0
        self._seen = 0

    def update(self, outputs: Array, targets: Targets) -> None:
        """Count the rows whose largest output is at the label."""
        self._right += int(np.count_nonzero(outputs.argmax(axis=1) == labels_of(targets)))
        self._seen += len(outputs)

    def result(self) -> float:
        """Return right answers per example; 0 before any batch."""
        return self._right / max(self._seen, 1)
