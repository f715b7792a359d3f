"""Predictions as columns of a table, and as arrays by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Literal, TypeAlias

import numpy as np

from layerkit.arrays import Array, Labels, Values
from layerkit.contracts.dataset import ClassTarget
from layerkit.contracts.table import TableConfig
from layerkit.errors import UsageError
from layerkit.formats.row_writers import WrittenColumn
from layerkit.plan.network import NetworkPlan

Outputs: TypeAlias = Literal["all", "classes", "probabilities"]
"""What is written of a prediction."""
THRESHOLD = 0.5
"""The probability from which a label counts as predicted, where each has its own."""


@dataclass(frozen=True, slots=True)
class PredictedColumns:
    """What is written of the predictions of a network; get one from `predicted_columns`.

    Attributes
    ----------
    classes
        The names of the columns of predicted classes or labels: one, or one for each label.
    values
        The names of the columns of the predictions' own values.
    class_names
        What the classes are called, in the order of their indices; empty for indices.
    decides
        Whether several labels are each predicted from `THRESHOLD` on.
    """

    classes: tuple[str, ...]
    values: tuple[str, ...]
    class_names: tuple[str, ...] = ()
    decides: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns."""
        return self.classes + self.values

    def columns(self, predictions: Array) -> Sequence[WrittenColumn]:
        """Return the columns of some predictions ``(n, *prediction)``."""
        flat = predictions.reshape(len(predictions), prod(predictions.shape[1:]))
        found: list[WrittenColumn] = []
        if self.decides and self.classes:
            found += [*(flat >= THRESHOLD).astype(np.int64).T]
        elif self.classes:
            labels: Labels = flat.argmax(axis=1)
            names = self.class_names
            if names:
                indices: list[int] = labels.tolist()
                found.append([names[index] for index in indices])
            else:
                found.append(labels)
        if self.values:
            found += [*flat.T]
        return found


def predicted_columns(plan: NetworkPlan, outputs: Outputs) -> PredictedColumns:
    """Return which columns the predictions of a network are written as.

    ``predicted_TARGET``, or ``prediction`` where the target has no name, has the class, or what is
    predicted for a number; ``probability_CLASS`` has the probability of a class or a label, and
    ``score_CLASS`` what a loss predicts that says nothing of probabilities.

    Raises
    ------
    UsageError
        If a prediction is no row of a table, or there are no classes and only they are wanted.
    """
    target, prediction = plan.info.target, plan.loss.prediction
    if len(prediction) > 1:
        raise UsageError(
            f"expected predictions of one axis for a table, found an array of shape {prediction} "
            "for each example; write a .npz file, or set --output-format npz"
        )
    word = "probability" if plan.loss.probabilities else "score"
    own = plan.spec.data
    if isinstance(target, ClassTarget):
        called = f"predicted_{own.target[0]}" if isinstance(own, TableConfig) else "prediction"
        labels = class_labels(target)
        classes = () if outputs == "probabilities" else (called,)
        values = () if outputs == "classes" else tuple(f"{word}_{label}" for label in labels)
        return PredictedColumns(classes, values, target.names)
    count = prediction[0] if prediction else 1
    labels = target.names or tuple(map(str, range(count)))
    if plan.loss.probabilities:
        decided = (
            () if outputs == "probabilities" else tuple(f"predicted_{each}" for each in labels)
        )
        values = () if outputs == "classes" else tuple(f"{word}_{each}" for each in labels)
        return PredictedColumns(decided, values, decides=True)
    check_has_classes(outputs)
    if not target.names:
        return PredictedColumns(
            (), tuple(f"prediction_{each}" for each in labels) if count > 1 else ("prediction",)
        )
    return PredictedColumns((), tuple(f"predicted_{each}" for each in labels))


def check_has_classes(outputs: Outputs) -> None:
    """Check that nothing is asked for that only classes have.

    Raises
    ------
    UsageError
        If it is.
    """
    if outputs != "all":
        raise UsageError(
            f"--outputs {outputs}: expected a network that predicts classes or labels, found one "
            "that predicts numbers; leave the option out"
        )


def class_labels(target: ClassTarget) -> tuple[str, ...]:
    """Return what the classes are called, their indices where they have no names."""
    return target.names or tuple(map(str, range(target.classes)))


@dataclass(frozen=True, slots=True)
class PredictedArrays:
    """What is written of the predictions of a network as arrays.

    Attributes
    ----------
    plan
        Of the network.
    outputs
        What is wanted.
    """

    plan: NetworkPlan
    outputs: Outputs

    def constants(self) -> Mapping[str, Values]:
        """Return what there is once: the names of classes, or of what is predicted."""
        target = self.plan.info.target
        name = "class_names" if isinstance(target, ClassTarget) else "target_names"
        return {name: np.array(target.names)} if target.names else {}

    def arrays(self, predictions: Array) -> Mapping[str, Values]:
        """Return the arrays of some predictions ``(n, *prediction)``: a row for each example.

        ``probabilities``, or ``predictions`` of another kind, and ``classes`` as indices.
        """
        found: dict[str, Values] = {}
        probable = self.plan.loss.probabilities
        if isinstance(self.plan.info.target, ClassTarget):
            if self.outputs != "probabilities":
                found["classes"] = predictions.argmax(axis=-1)
        elif probable and self.outputs != "probabilities":
            found["labels"] = (predictions >= THRESHOLD).astype(np.int64)
        elif not probable:
            check_has_classes(self.outputs)
        if self.outputs != "classes":
            found["probabilities" if probable else "predictions"] = predictions
        return found
