"""Checks of losses and metrics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from typing_extensions import TypeIs

from layerkit.arrays import Array, Targets, is_array
from layerkit.contracts.loss import Loss, LossConfig
from layerkit.contracts.metric import Metric, MetricConfig
from layerkit.engine.inspection.arrays import Untouched, check_finite, is_tame
from layerkit.engine.inspection.watch import Check
from layerkit.guard import fault, number, shown


def loss_checks(loss: Loss[LossConfig]) -> Iterator[Check]:
    """Yield the checks of a loss."""
    checked = _CheckedLoss(loss)
    yield Check(loss, "value", checked.value)
    yield Check(loss, "gradient", checked.gradient)
    yield Check(loss, "predict", checked.predict)
    if loss.weighs:
        yield Check(loss, "weigh", checked.weigh)


class _CheckedLoss:
    """What stands in for the methods of one loss."""

    def __init__(self, loss: Loss[LossConfig]) -> None:
        self._loss = loss
        self._value = loss.value
        self._gradient = loss.gradient
        self._predict = loss.predict
        self._weigh = loss.weigh

    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        """Call ``value``."""
        untouched = self._untouched("value", outputs, targets, weights)
        found = number(self._loss, "'value' to return", self._value(outputs, targets, weights))
        untouched.check()
        self._check_loss("value", found, outputs, targets)
        return found

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        """Call ``gradient``."""
        untouched = self._untouched("gradient", outputs, targets, weights)
        out.fill(np.nan)
        loss = self._gradient(outputs, targets, weights, out)
        found = number(self._loss, "'gradient' to return", loss)
        untouched.check()
        self._check_loss("gradient", found, outputs, targets)
        check_finite(self._loss, "the gradient in 'out'", out, outputs, targets)
        return found

    def predict(self, outputs: Array, out: Array) -> None:
        """Call ``predict``."""
        untouched = Untouched(self._loss, "predict", {"the outputs": outputs})
        out.fill(np.nan)
        self._predict(outputs, out)
        untouched.check()
        check_finite(self._loss, "the predictions in 'out'", out, outputs)

    def weigh(self, targets: Targets, weights: Array) -> None:
        """Call ``weigh``."""
        untouched = Untouched(self._loss, "weigh", {"the targets": targets})
        self._weigh(targets, weights)
        untouched.check()
        if not np.all(weights >= 0):
            raise fault(self._loss, "expected 'weigh' to leave weights from 0, found others")
        check_finite(self._loss, "every weight", weights)

    def _untouched(
        self, method: str, outputs: Array, targets: Targets, weights: Array
    ) -> Untouched:
        arrays = {"the outputs": outputs, "the targets": targets, "the weights": weights}
        return Untouched(self._loss, method, arrays)

    def _check_loss(self, method: str, loss: float, outputs: Array, targets: Targets) -> None:
        if not np.isfinite(loss) and is_tame(outputs, targets):
            reason = f"expected '{method}' to return a finite number for finite outputs"
            raise fault(self._loss, f"{reason}, found {loss}")


def metric_checks(metrics: Sequence[Metric[MetricConfig]]) -> Iterator[Check]:
    """Yield the checks of metrics."""
    for metric in metrics:
        yield Check(metric, "update", _CheckedMetric(metric).update)


class _CheckedMetric:
    """What stands in for ``update`` of one metric."""

    def __init__(self, metric: Metric[MetricConfig]) -> None:
        self._metric = metric
        self._update = metric.update

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        """Call ``update``."""
        arrays = {
            "the predictions": predictions,
            "the targets": targets,
            "the weights": weights,
        }
        untouched = Untouched(self._metric, "update", arrays)
        self._update(predictions, targets, weights)
        untouched.check()


def checked_figures(
    metric: Metric[MetricConfig], found: object, names: Sequence[str]
) -> Mapping[str, float]:
    """Return the figures that a metric's ``results`` returned, as floats.

    Raises
    ------
    PluginError
        If they are others than planned, or no numbers.
    """
    if not isinstance(found, Mapping):
        raise fault(metric, f"expected 'results' to return a mapping, found {shown(found)}")
    results: dict[object, object] = {**found}
    if set(results) != set(names):
        reason = f"expected 'results' to return the figures {', '.join(names) or 'none'}"
        raise fault(metric, f"{reason}; found {', '.join(map(str, results))[:200] or 'none'}")
    return {name: number(metric, f"the figure '{name}' to be", results[name]) for name in names}


def checked_tables(metric: Metric[MetricConfig], found: object) -> Mapping[str, Array]:
    """Return the tables that a metric's ``tables`` returned.

    Raises
    ------
    PluginError
        If they are no arrays of floating-point numbers, by name.
    """
    if not isinstance(found, Mapping):
        raise fault(metric, f"expected 'tables' to return a mapping, found {shown(found)}")
    tables: dict[str, Array] = {}
    items: list[tuple[object, object]] = [*found.items()]
    for name, table in items:
        if not (isinstance(name, str) and _is_floats(table)):
            reason = "expected 'tables' to return arrays of floating-point numbers by name"
            raise fault(metric, f"{reason}, found {shown(name)}: {shown(table)}")
        tables[name] = table
    return tables


def _is_floats(table: object) -> TypeIs[Array]:
    return is_array(table) and table.dtype.kind == "f"
