"""Contract of metrics: numbers that are reported beside the loss.

The value of a metric, or of the loss, is called a *figure*. Most metrics have one; some have one
for each class, such as ``precision.cat``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Annotated, ClassVar, TypeAlias, TypeVar, final

from layerkit.arrays import Array, Shape, Targets
from layerkit.component import Component, Config
from layerkit.contracts.dataset import Target
from layerkit.contracts.layer_name import LayerName
from layerkit.contracts.output import OutputContext
from layerkit.fields import FromRegistry


class MetricConfig(Config, ABC):
    """Base of metric configs.

    Attributes
    ----------
    of_numbers
        Whether it measures how far numbers are off, which says little of probabilities.
    of_probabilities
        Whether it needs predictions that the loss says are probabilities; planning refuses the
        metric beside any other loss.
    name
        What results call the metric, by default its type. A spec may list the same metric twice,
        under two names.
    """

    of_numbers: ClassVar[bool] = False
    of_probabilities: ClassVar[bool] = False

    name: LayerName | None = None

    @property
    def display_name(self) -> str:
        """What results and messages call the metric."""
        return self.name or super().display_name

    @abstractmethod
    def check(self, prediction: Shape, target: Target) -> None:
        """Check that the metric can compare such predictions with such targets.

        Raises
        ------
        ShapeError
            If it cannot.
        """

    @abstractmethod
    def figures(self, target: Target) -> Mapping[str, bool]:
        """Return the names of its figures, and whether higher is better.

        A name is `display_name`, or begins with it and a dot: ``precision.cat``. A metric may have
        no figures but `Metric.tables`. Called for any target, one that `check` refuses too.
        """

    def kept(self, prediction: Shape, target: Target) -> int:
        """Return how many numbers it keeps of every example until it is reset; by default none.

        For the memory estimate. Called where `check` raises no error.
        """
        return 0

    @final
    def build(self, context: OutputContext) -> Metric[MetricConfig]:
        """Return the metric that this config describes."""
        return Metric[MetricConfig].class_for(self)(self, context)


METRICS = MetricConfig.define_kind("metric", "layerkit.metrics")
AnyMetric: TypeAlias = Annotated[MetricConfig, FromRegistry(METRICS)]
MetricT_co = TypeVar("MetricT_co", bound=MetricConfig, covariant=True)


class Metric(Component[MetricT_co], ABC):
    """Figures over many batches, one batch at a time.

    It gets what the loss predicts, such as probabilities, ``(n, *prediction)``. All figures are
    finite numbers, even before any batch, or where all weights are 0.
    """

    def __init__(self, config: MetricT_co, context: OutputContext) -> None:
        super().__init__(config)
        self.context = context

    @abstractmethod
    def reset(self) -> None:
        """Forget every batch."""

    @abstractmethod
    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        """Add one batch, with weights ``(n, *items)``: 1 where nothing was weighted.

        A weight of 2 counts as the item twice. The arrays are overwritten after the call: copy what
        is to be kept.
        """

    @abstractmethod
    def results(self) -> Mapping[str, float]:
        """Return every figure of `MetricConfig.figures` over all batches since `reset`."""

    def tables(self) -> Mapping[str, Array]:
        """Return what is more than a number, such as a confusion matrix, as new arrays.

        Names are made like those of figures.
        """
        return {}


class ScalarMetricConfig(MetricConfig, ABC):
    """Base of configs of metrics with one figure.

    Attributes
    ----------
    higher_is_better
        Which way early stopping wants the metric to go.
    """

    higher_is_better: ClassVar[bool]

    def figures(self, target: Target) -> Mapping[str, bool]:
        """Return the one figure."""
        return {self.display_name: self.higher_is_better}


ScalarMetricT_co = TypeVar("ScalarMetricT_co", bound=ScalarMetricConfig, covariant=True)


class ScalarMetric(Metric[ScalarMetricT_co], ABC):
    """A metric with one figure."""

    @abstractmethod
    def result(self) -> float:
        """Return the figure over all batches since `reset`."""

    def results(self) -> Mapping[str, float]:
        """Return the one figure by its name."""
        return {self.config.display_name: self.result()}
