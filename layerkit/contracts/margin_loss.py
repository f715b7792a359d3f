"""Losses of classes that ask for a margin between the score of the label and the others."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar, TypeVar

import numpy as np

from layerkit.arrays import Array, Labels, Targets, labels_of
from layerkit.contracts.class_loss import ClassLoss, ClassLossConfig
from layerkit.contracts.output import OutputContext


class MarginLossConfig(ClassLossConfig, ABC):
    """Base of configs of ``max(0, margin - advantage) ** power``.

    Of two classes, with one output ``z``, the advantage is ``z`` for class 1 and ``-z`` for class
    0. Of more, with one output per class, it is the output of the label less that of another class;
    the terms of all other classes are added up, and divided by the number of classes.

    Attributes
    ----------
    margin
        The advantage from which there is no loss.
    power
        1 or 2.
    slope_at_margin
        Where the advantage is the margin, of power 1: the slope towards less advantage, 0 or 1.
    """

    margin: ClassVar[float] = 1.0
    power: ClassVar[int] = 1
    slope_at_margin: ClassVar[float] = 0.0


MarginLossT_co = TypeVar("MarginLossT_co", bound=MarginLossConfig, covariant=True)


class MarginLoss(ClassLoss[MarginLossT_co], ABC):
    """A loss of margins; it predicts scores: the outputs or, where there is one, ``[-z, z]``."""

    def __init__(self, config: MarginLossT_co, context: OutputContext) -> None:
        super().__init__(config, context)
        self._short: Array = np.zeros((self.rows, self.columns), context.dtype)
        self._losses: Array = np.zeros((self.rows, self.columns), context.dtype)
        self._of_item: Array = np.zeros(self.rows, context.dtype)
        self._items = np.arange(self.rows)

    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        """Weighted sum of the losses."""
        z, labels = outputs.reshape(-1, self.columns), labels_of(targets).reshape(-1)
        n = len(z)
        short, losses = self._short[:n], self._losses[:n]
        if self.columns == 1:
            np.multiply(z, self._signs(labels), out=short)
            np.subtract(self.config.margin, short, out=short)
        else:
            of_label = self._of_item[:n]
            of_label[...] = z[self._items[:n], labels]
            np.subtract(z, of_label[:, np.newaxis], out=short)
            np.add(short, self.config.margin, out=short)
            short[self._items[:n], labels] = -1  # no class is compared with itself
        np.maximum(short, 0, out=losses)
        if self.config.power == 2:
            np.multiply(losses, losses, out=losses)
        sums = self._of_item[:n]
        losses.sum(axis=1, out=sums)
        return float(np.dot(sums, weights.reshape(-1))) / self.columns

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        """Weighted sum of the losses, and its gradient."""
        loss = self.value(outputs, targets, weights)
        grad, labels = out.reshape(-1, self.columns), labels_of(targets).reshape(-1)
        n = len(grad)
        if self.config.power == 2:
            np.maximum(self._short[:n], 0, out=grad)
            np.multiply(grad, 2, out=grad)
        else:
            np.heaviside(self._short[:n], self.config.slope_at_margin, out=grad)
        if self.columns == 1:
            np.multiply(grad, self._signs(labels), out=grad)
            np.negative(grad, out=grad)
        else:
            sums = self._of_item[:n]
            grad.sum(axis=1, out=sums)
            np.negative(sums, out=sums)
            grad[self._items[:n], labels] = sums
            np.multiply(grad, 1 / self.columns, out=grad)
        np.multiply(grad, weights.reshape(-1, 1), out=grad)
        return loss

    def predict(self, outputs: Array, out: Array) -> None:
        """Copy the scores, one per class."""
        if self.columns > 1:
            np.copyto(out, outputs)
            return
        scores = out.reshape(-1, 2)
        np.copyto(scores[:, 1], outputs.reshape(-1))
        np.negative(scores[:, 1], out=scores[:, 0])

    def _signs(self, labels: Labels) -> Array:
        """Return 1 for class 1 and -1 for class 0, ``(n, 1)``, in scratch memory."""
        signs = self._of_item[: len(labels)]
        np.multiply(labels, 2, out=signs, casting="unsafe")
        np.subtract(signs, 1, out=signs)
        return signs[:, np.newaxis]
