"""Losses of classes: one output per class but, of two classes, one that it is the second."""

from __future__ import annotations

import math
from abc import ABC
from typing import TypeVar

import numpy as np

from layerkit.arrays import Array, Shape, Targets, labels_of
from layerkit.contracts.dataset import ClassTarget, Target
from layerkit.contracts.loss import Loss, LossConfig
from layerkit.contracts.output import (
    ClassWeights,
    LossPlan,
    OutputContext,
    check_class_weights,
    check_one_output_per_class,
)
from layerkit.errors import ShapeError


class ClassLossConfig(LossConfig, ABC):
    """Base of configs of losses of classes.

    Attributes
    ----------
    class_weights
        How much the examples of each class count, numbers from 0 in the order of the classes; the
        mean over a batch is a weighted mean. None: all the same.
    """

    class_weights: ClassWeights | None = None

    def plan(self, output: Shape, target: Target) -> LossPlan:
        """Plan one loss per example, or per step, and one prediction per class."""
        what = self.display_name
        if isinstance(target, ClassTarget) and target.classes == 2:
            expected = (*target.shape, 1)
            if output not in {expected, target.shape}:
                raise ShapeError(
                    f"{what} expects an output of shape {expected}, one number for two classes; "
                    f"found {output}",
                    hint="end in a dense layer with units = 1",
                )
        else:
            target = check_one_output_per_class(what, output, target)
        check_class_weights(what, self.class_weights, target.classes)
        return LossPlan((*target.shape, target.classes), target.shape)


ClassLossT_co = TypeVar("ClassLossT_co", bound=ClassLossConfig, covariant=True)


class ClassLoss(Loss[ClassLossT_co], ABC):
    """A loss of classes, with class weights.

    Attributes
    ----------
    columns
        Number of outputs of an item: 1 where one says which of two classes it is.
    rows
        The most items of a batch: examples or, where every step has a class, steps.
    """

    def __init__(self, config: ClassLossT_co, context: OutputContext) -> None:
        super().__init__(config, context)
        items = math.prod(context.plan.items)
        self.columns: int = math.prod(context.output_shape) // items
        self.rows: int = context.capacity * items
        self._class_weights: Array | None = None
        if config.class_weights is not None:
            self._class_weights = np.array(config.class_weights, context.dtype)

    @property
    def weighs(self) -> bool:
        """Whether there are class weights."""
        return self._class_weights is not None

    def weigh(self, targets: Targets, weights: Array) -> None:
        """Multiply by what the classes weigh."""
        if self._class_weights is not None:
            np.multiply(weights, self._class_weights[labels_of(targets)], out=weights)
