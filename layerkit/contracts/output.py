"""What losses and metrics get of the network's output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, TypeAlias

import numpy as np
from annotated_types import Ge
from pydantic import Strict

from layerkit.arrays import Array, FloatType, Shape
from layerkit.contracts.dataset import ClassTarget, Target, VectorTarget
from layerkit.errors import DataError, ShapeError
from layerkit.kernels import Kernels

ClassWeights: TypeAlias = Annotated[tuple[Annotated[float, Ge(0)], ...], Strict(strict=False)]
"""How much the examples of each class count, in the order of the classes."""


@dataclass(frozen=True, slots=True)
class LossPlan:
    """What a loss makes of the network's output.

    Attributes
    ----------
    prediction
        Per-example shape of what `Loss.predict` writes, which is what metrics get.
    items
        Shape of the losses of one example: ``()`` for one, ``(time,)`` for one a step.
    probabilities
        Whether predictions are probabilities from 0 to 1, of every class or of every label;
        ``layerkit predict`` calls them so.
    """

    prediction: Shape
    items: Shape = ()
    probabilities: bool = False


@dataclass(frozen=True, slots=True)
class OutputContext:
    """The network's output, as losses and metrics get it.

    Attributes
    ----------
    output_shape
        Per-example shape of the last layer's output.
    target
        What the targets are.
    plan
        What the loss makes of both.
    capacity
        The most examples that a batch will have.
    dtype
        Of the outputs.
    kernels
        Chooses the code of inner loops; ask it in ``__init__``.
    """

    output_shape: Shape
    target: Target
    plan: LossPlan
    capacity: int
    dtype: FloatType
    kernels: Kernels = field(default_factory=Kernels)

    def buffer(self, shape: Shape) -> Array:
        """Return new memory for a batch of arrays of that per-example shape."""
        return np.zeros((self.capacity, *shape), self.dtype)


def check_one_output_per_class(what: str, output: Shape, target: Target) -> ClassTarget:
    """Check that there is one number per class, for every step if there is a class for every step.

    Returns
    -------
    ClassTarget
        The target.

    Raises
    ------
    ShapeError
        If the targets are not class indices, or the output has another shape.
    """
    if not isinstance(target, ClassTarget):
        raise ShapeError(f"{what} expects class indices as targets, found arrays of {target.shape}")
    expected = (*target.shape, target.classes)
    if output != expected:
        end = f"end in a dense layer with units = {target.classes}"
        if len(output) > len(expected):
            end = f"put a flatten layer where one axis is to remain, and {end}"
        raise ShapeError(
            f"{what} expects an output of shape {expected}, one number per class of the "
            f"data; found {output}",
            hint=end,
        )
    return target


def check_class_weights(what: str, weights: Sequence[float] | None, classes: int) -> None:
    """Check an option ``class_weights``: one number for each class, some above 0; or none at all.

    Raises
    ------
    ShapeError
        If there are more or fewer, or none is above 0.
    """
    if weights is not None and not (len(weights) == classes and any(weights)):
        raise ShapeError(
            f"{what} expects {classes} class weights, one for each class of the data and not all "
            f"of them 0; found {list(weights)}",
            ("class_weights",),
        )


def check_one_output_per_value(what: str, output: Shape, target: Target) -> VectorTarget:
    """Check that outputs have the shape of the targets; ``(1,)`` also for single numbers.

    Returns
    -------
    VectorTarget
        The target.

    Raises
    ------
    ShapeError
        If the targets are class indices, or the output has another shape.
    """
    if not isinstance(target, VectorTarget):
        raise ShapeError(
            f"{what} expects numbers as targets, found class indices, {target.classes} classes"
        )
    expected = target.shape or (1,)
    if output not in {target.shape, expected}:
        hint = f"end in a dense layer with units = {expected[0]}" if len(expected) == 1 else ""
        raise ShapeError(
            f"{what} expects an output of shape {expected}, one number per value of the target; "
            f"found {output}",
            hint=hint,
        )
    return target


def check_distributions(what: str, output: Shape, target: Target) -> VectorTarget:
    """Check that targets may be probabilities of classes, and that there is one logit for each.

    Returns
    -------
    VectorTarget
        The target.

    Raises
    ------
    ShapeError
        If the targets are class indices or single numbers, or the output has another shape.
    """
    found = check_one_output_per_value(what, output, target)
    if not found.shape or found.shape[-1] < 2:
        raise ShapeError(
            f"{what} expects targets of at least two probabilities, one for each class; found "
            f"targets of shape {found.shape}",
            hint="use mean_squared_error for numbers, binary_cross_entropy for one probability",
        )
    return found


def check_probabilities(what: str, targets: Array) -> None:
    """Check that the targets of a batch are from 0 to 1.

    Raises
    ------
    DataError
        If one is not.
    """
    for found in (targets.min(), targets.max()):
        if not 0 <= found <= 1:
            raise DataError(
                f"{what} expects probabilities from 0 to 1 as targets, found {found:.6g}: use "
                "mean_squared_error for other numbers"
            )
