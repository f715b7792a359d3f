"""Focal loss on logits."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Ge, Lt

from layerkit.plugin import (
    Array,
    ClassLoss,
    ClassLossConfig,
    LossPlan,
    OutputContext,
    Shape,
    Target,
    Targets,
    labels_of,
    log_softmax,
)


class FocalConfig(ClassLossConfig):
    """Cross-entropy in which examples that are predicted well count less, on logits.

    ``-sum(q * (1 - p) ** gamma * log(p))``, in nats; ``q`` is 1 at the label.

    For classes of which one is rare. Takes logits: one per class, ``(classes,)``, with ``p`` their
    softmax; but of two classes one, ``(1,)``, that it is class 1, with ``p`` its sigmoid. Steps
    come first: ``(time, classes)`` where the data have a class for every step. The prediction is
    ``p``, ``(classes,)``.

    With ``a = q * (1 - p) ** gamma * (gamma * p * log(p) / (1 - p) - 1)``, the gradient with
    respect to the logits is ``weight * (a - p * sum(a))``. The ``alpha`` of the paper, of
    torchvision's ``sigmoid_focal_loss`` and of Keras' ``CategoricalFocalCrossentropy`` is
    ``class_weights``, ``[1 - alpha, alpha]`` for two classes; but the mean over a batch is a
    weighted mean here.

    Attributes
    ----------
    gamma
        From 0: how much less they count; 0 is the cross-entropy.
    label_smoothing
        From 0 to below 1: ``q`` is ``1 - label_smoothing`` at the label, plus
        ``label_smoothing / classes`` everywhere, as in Keras.
    class_weights
        How much the examples of each class count, numbers from 0 in the order of the classes; the
        mean over a batch is a weighted mean. None: all the same.

    References
    ----------
    Lin, Goyal, Girshick, He, Dollar (2017), Focal loss for dense object detection.
    """

    type: Literal["focal"] = "focal"
    gamma: Annotated[float, Ge(0)] = 2.0
    label_smoothing: Annotated[float, Ge(0), Lt(1)] = 0.0

    def plan(self, output: Shape, target: Target) -> LossPlan:
        """Plan one loss per example, or per step, and probabilities."""
        return replace(super().plan(output, target), probabilities=True)


@final
class Focal(ClassLoss[FocalConfig]):
    """See `FocalConfig`."""

    def __init__(self, config: FocalConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        classes = context.plan.prediction[-1]
        shape = (self.rows, classes)
        self._classes = classes
        self._logits: Array = np.zeros(shape, context.dtype)
        self._logs: Array = np.zeros(shape, context.dtype)
        self._rest: Array = np.zeros(shape, context.dtype)
        self._factor: Array = np.zeros(shape, context.dtype)
        self._q: Array = np.zeros(shape, context.dtype)
        self._of_item: Array = np.zeros((self.rows, 1), context.dtype)
        self._items = np.arange(self.rows)
        self._least = np.finfo(context.dtype).tiny

    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        """Weighted sum of the losses."""
        logits, labels = self._of_classes(outputs), labels_of(targets).reshape(-1)
        n = len(logits)
        logs, rest, factor = self._logs[:n], self._rest[:n], self._factor[:n]
        q, sums = self._q[:n], self._of_item[:n]
        log_softmax(logits, logs, rest, sums)
        np.expm1(logs, out=rest)
        np.negative(rest, out=rest)
        smoothing = self.config.label_smoothing
        q.fill(smoothing / self._classes)
        q[self._items[:n], labels] += 1 - smoothing
        np.power(rest, self.config.gamma, out=factor)
        np.multiply(factor, q, out=factor)
        np.multiply(factor, logs, out=q)
        q.sum(axis=1, keepdims=True, out=sums)
        return -float(np.dot(sums[:, 0], weights.reshape(-1)))

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        """Weighted sum of the losses; ``weight * (a - p * sum(a))`` into ``out``."""
        loss = self.value(outputs, targets, weights)
        n = weights.size
        logs, rest, a, sums = self._logs[:n], self._rest[:n], self._factor[:n], self._of_item[:n]
        p, ratio = self._q[:n], self._logits[:n]
        np.exp(logs, out=p)
        np.maximum(rest, self._least, out=rest)  # where p is 1, log(p) is 0
        np.divide(logs, rest, out=ratio)
        np.multiply(ratio, p, out=ratio)
        np.multiply(ratio, self.config.gamma, out=ratio)
        np.subtract(ratio, 1, out=ratio)
        np.multiply(a, ratio, out=a)
        a.sum(axis=1, keepdims=True, out=sums)
        np.multiply(p, sums, out=p)
        np.subtract(a, p, out=a)
        np.multiply(a, weights.reshape(-1, 1), out=a)
        grad = out.reshape(-1, self.columns)
        np.copyto(grad, a[:, -self.columns :])
        return loss

    def predict(self, outputs: Array, out: Array) -> None:
        """Softmax of the logits; ``[1 - p, p]`` of one."""
        logits = self._of_classes(outputs)
        n, p = len(logits), out.reshape(-1, self._classes)
        log_softmax(logits, p, self._rest[:n], self._of_item[:n])
        np.exp(p, out=p)

    def _of_classes(self, outputs: Array) -> Array:
        """Return logits ``(n, classes)``: of one logit ``z``, ``[0, z]``."""
        z = outputs.reshape(-1, self.columns)
        logits = self._logits[: len(z)]
        if self.columns < self._classes:
            logits[:, 0] = 0
        np.copyto(logits[:, -self.columns :], z)
        return logits
