"""Contract of metrics: figures reported beside the loss."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, ClassVar, TypeAlias, TypeVar

from layerkit.arrays import Array, Shape, Targets
from layerkit.component import Component, Config
from layerkit.contracts.dataset import Target
from layerkit.contracts.output import OutputContext
from layerkit.fields import FromRegistry


class MetricConfig(Config, ABC):
    """Base of metric configs.

    Attributes
    ----------
    higher_is_better
        Which way early stopping wants the metric to go.
    """

    higher_is_better: ClassVar[bool]

    @abstractmethod
    def check(self, output: Shape, target: Target) -> None:
        """Check that the metric can compare such outputs with such targets.

        Raises
        ------
        ShapeError
            If it cannot.
        """

    def build(self, context: OutputContext) -> Metric[MetricConfig]:
        """Return the metric that this config describes."""
        return Metric[MetricConfig].class_for(self)(self, context)


METRICS = MetricConfig.define_kind("metric", "layerkit.metrics")
AnyMetric: TypeAlias = Annotated[MetricConfig, FromRegistry(METRICS)]
MetricT_co = TypeVar("MetricT_co", bound=MetricConfig, covariant=True)


class Metric(Component[MetricT_co], ABC):
    """A figure over many batches, gathered one batch at a time."""

    def __init__(self, config: MetricT_co, context: OutputContext) -> None:
        super().__init__(config)
        self.context = context

    @abstractmethod
    def reset(self) -> None:
        """Forget every batch."""

    @abstractmethod
    def update(self, outputs: Array, targets: Targets) -> None:
        """Take in one batch of the network's outputs."""

    @abstractmethod
    def result(self) -> float:
        """Return the figure over all batches since `reset`."""
