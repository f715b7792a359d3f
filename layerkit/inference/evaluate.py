"""Figures of a trained network on some examples: of all, of every class, of every target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts.dataset import ClassTarget
from layerkit.contracts.metric import MetricConfig
from layerkit.engine.data import Part
from layerkit.engine.evaluation import Evaluator
from layerkit.engine.network import Network
from layerkit.errors import ShapeError
from layerkit.inference.columns import class_labels
from layerkit.inference.sums import (
    CLASSES,
    LABELS,
    NUMBERS,
    ClassSumsConfig,
    LabelSumsConfig,
    NumberSumsConfig,
)

ACCURACY = "accuracy"


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """Figures of every class, or of every label.

    Attributes
    ----------
    names
        What they are called.
    precision, recall, f1
        Of each, from 0 to 1; 0 where it would be 0 by 0.
    support
        How many examples have it; by weight, if they have weights.
    confusion
        ``(classes, classes)``: how often each class (row) was predicted as each (column); None for
        labels.
    """

    names: tuple[str, ...]
    precision: Array
    recall: Array
    f1: Array
    support: Array
    confusion: Array | None = None

    @classmethod
    def of_sums(
        cls,
        names: tuple[str, ...],
        right: Array,
        true: Array,
        predicted: Array,
        confusion: Array | None = None,
    ) -> ClassFigures:
        """Return the figures that follow from how often each was right, true and predicted."""
        return cls(
            names,
            _ratio(right, predicted),
            _ratio(right, true),
            _ratio(2 * right, true + predicted),
            true,
            confusion,
        )


@dataclass(frozen=True, slots=True)
class NumberFigures:
    """Figures of every number that is predicted.

    Attributes
    ----------
    names
        What they are called.
    mean_absolute_error, root_mean_squared_error
        In the unit of the target.
    r2
        The coefficient of determination: 1 minus the squared errors by the squares of the targets
        about their mean; nan where all targets are the same.
    """

    names: tuple[str, ...]
    mean_absolute_error: Array
    root_mean_squared_error: Array
    r2: Array


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is found out about a network on some examples.

    Attributes
    ----------
    examples
        How many there are.
    figures
        ``loss`` (without penalties), every figure of the spec's metrics, and for classes the
        ``accuracy`` in any case.
    tables
        What the spec's metrics report beside figures, by name.
    classes
        Of every class or label, if there are any.
    numbers
        Of every number that is predicted, if there are any.
    """

    examples: int
    figures: Mapping[str, float]
    tables: Mapping[str, Array]
    classes: ClassFigures | None = None
    numbers: NumberFigures | None = None


def evaluate(network: Network, part: Part) -> Figures:
    """Return loss, metrics, and figures of every class or target.

    Parameters
    ----------
    network
        What is evaluated.
    part
        On what.

    Raises
    ------
    PluginError
        If a component does not keep its contract.
    """
    found = Evaluator(network, part, metrics=_sums(network)).evaluate()
    tables = {**found.tables}
    classes = tables.pop(CLASSES, None)
    labels = tables.pop(LABELS, None)
    numbers = tables.pop(NUMBERS, None)
    target = network.plan.info.target
    figures, of_classes, of_numbers = {**found.figures}, None, None
    if classes is not None and isinstance(target, ClassTarget):
        right, true = classes.diagonal(), classes.sum(axis=1)
        names = class_labels(target)
        of_classes = ClassFigures.of_sums(names, right, true, classes.sum(axis=0), classes)
        figures.setdefault(ACCURACY, float(_ratio(right.sum(), true.sum())))
    if labels is not None:
        right, true, predicted, _ = labels.T
        of_classes = ClassFigures.of_sums(_target_names(network), right, true, predicted)
    if numbers is not None:
        weight, absolute, squares, about_mean = numbers.T
        r2: Array = np.full(len(numbers), np.nan)
        np.divide(squares, about_mean, out=r2, where=about_mean > 0)
        of_numbers = NumberFigures(
            _target_names(network),
            _ratio(absolute, weight),
            np.sqrt(_ratio(squares, weight)),
            1 - r2,
        )
    return Figures(len(part), figures, tables, of_classes, of_numbers)


def confusions(confusion: Array) -> list[tuple[int, int, float]]:
    """Return what was predicted wrongly: true class, predicted one, how often; most often first."""
    rows: list[list[float]] = confusion.tolist()
    wrong = [
        (true, predicted, amount)
        for true, row in enumerate(rows)
        for predicted, amount in enumerate(row)
        if amount > 0 and true != predicted
    ]
    return sorted(wrong, key=lambda each: -each[2])


def _sums(network: Network) -> list[MetricConfig]:
    """Return the metrics that suit the targets."""
    plan = network.plan
    if not isinstance(plan.info.target, ClassTarget):
        # What is predicted may be something else, such as a mean and a variance.
        if plan.loss.prediction != plan.info.target.shape:
            return []
        return [LabelSumsConfig() if plan.loss.probabilities else NumberSumsConfig()]
    counts = ClassSumsConfig()
    try:
        counts.check(plan.loss.prediction, plan.info.target)
    except ShapeError:
        return []
    return [counts]


def _target_names(network: Network) -> tuple[str, ...]:
    target = network.plan.info.target
    count = target.shape[-1] if target.shape else 1
    named = () if isinstance(target, ClassTarget) else target.names
    return named or tuple(map(str, range(count)))


def _ratio(part: Array | np.float64, whole: Array | np.float64) -> Array:
    """Return the quotient, 0 where ``whole`` is 0."""
    quotient: Array = np.zeros(np.shape(whole))
    np.divide(part, whole, out=quotient, where=np.greater(whole, 0))
    return quotient
