"""Metrics that the kit must accept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, TypeVar, final

import numpy as np

from layerkit.arrays import Array, Shape, Targets
from layerkit.contracts.dataset import Target, VectorTarget
from layerkit.contracts.metric import Metric, MetricConfig, ScalarMetric, ScalarMetricConfig
from layerkit.contracts.output import OutputContext
from layerkit.errors import ShapeError


class DistanceConfig(ScalarMetricConfig):
    """A right metric, the mean absolute distance."""

    higher_is_better: ClassVar[bool] = False

    def check(self, prediction: Shape, target: Target) -> None:
        if target != VectorTarget(prediction):
            raise ShapeError(f"expects targets of shape {prediction}, found {target}")


DistanceT_co = TypeVar("DistanceT_co", bound=DistanceConfig, covariant=True)


class Distance(ScalarMetric[DistanceT_co]):
    def __init__(self, config: DistanceT_co, context: OutputContext) -> None:
        super().__init__(config, context)
        self.total = 0.0
        self.seen = 0.0

    def reset(self) -> None:
        self.total = 0.0
        self.seen = 0.0

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        distances = np.abs(predictions - targets).mean(axis=-1)
        self.total += float(np.sum(weights * distances, dtype=np.float64))
        self.seen += float(weights.sum(dtype=np.float64))

    def result(self) -> float:
        return self.total / self.seen if self.seen else 0.0


class HistogramConfig(MetricConfig):
    """A right metric without figures: how often a value was predicted too large or too small."""

    def check(self, prediction: Shape, target: Target) -> None:
        DistanceConfig.check(RightConfig(), prediction, target)

    def figures(self, target: Target) -> Mapping[str, bool]:
        return {}


HistogramT_co = TypeVar("HistogramT_co", bound=HistogramConfig, covariant=True)


class Histogram(Metric[HistogramT_co]):
    def __init__(self, config: HistogramT_co, context: OutputContext) -> None:
        super().__init__(config, context)
        self.counts: Array = np.zeros((2, *context.plan.prediction))

    def reset(self) -> None:
        self.counts.fill(0)

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        weights = weights[..., np.newaxis]
        self.counts[0] += np.sum(weights * (predictions > targets), axis=0)
        self.counts[1] += np.sum(weights * (predictions < targets), axis=0)

    def results(self) -> Mapping[str, float]:
        return {}

    def tables(self) -> Mapping[str, Array]:
        return {self.config.display_name: self.counts.copy()}


class RightConfig(DistanceConfig):
    type: Literal["right"] = "right"


@final
class Right(Distance[RightConfig]):
    pass


class RightTableConfig(HistogramConfig):
    type: Literal["right_table"] = "right_table"


@final
class RightTable(Histogram[RightTableConfig]):
    pass
