"""`update` without weights."""

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
    check_one_output_per_value,
)


class LargestErrorConfig(ScalarMetricConfig):
    """The largest error."""

    higher_is_better: ClassVar[bool] = False

    type: Literal["largest_error"] = "largest_error"

    def check(self, prediction: Shape, target: Target) -> None:
        check_one_output_per_value("largest_error", prediction, target)


@final
class LargestError(ScalarMetric[LargestErrorConfig]):
    def __init__(self, config: LargestErrorConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self._largest = 0.0

    def reset(self) -> None:
        self._largest = 0.0

    def update(self, predictions: Array, targets: Targets) -> None:
        errors = np.abs(predictions - targets)
        self._largest = max(self._largest, float(errors.max(initial=0)))

    def result(self) -> float:
        return self._largest

# mypy 39: Signature of "update" incompatible with supertype "layerkit.contracts.metric.Metric" [override]
# pyright 39: Method "update" overrides class "Metric" in an incompatible manner [reportIncompatibleMethodOverride]
