"""Softmax and cross-entropy, fused on logits."""

from __future__ import annotations

import math
from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Ge, Lt

from layerkit.plugin import (
    Array,
    ClassWeights,
    Labels,
    Loss,
    LossConfig,
    LossPlan,
    OutputContext,
    Shape,
    Target,
    Targets,
    check_class_weights,
    check_one_output_per_class,
    labels_of,
)


class SoftmaxCrossEntropyConfig(LossConfig):
    """``-sum(q * log(p))`` with ``p = softmax(logits)``, in nats; ``q`` is 1 at the label.

    Takes logits, so the network ends in a dense layer without a softmax of its own:
    ``(classes,)``, or ``(time, classes)`` where the data have a class for every step. The gradient
    with respect to the logits is ``weight * (p - q)``; the prediction is ``p``.

    Attributes
    ----------
    label_smoothing
        From 0 to below 1: ``q`` is ``1 - label_smoothing`` at the label, plus
        ``label_smoothing / classes`` everywhere.
    class_weights
        How much the examples of each class count, numbers from 0 in the order of the classes; the
        mean over a batch is a weighted mean, as in PyTorch, where Keras divides by the number of
        examples. With label smoothing the whole loss of an example is weighted by its own class,
        as in Keras; PyTorch weights every term of the sum by the class of that term. None: all
        the same.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.3.
    Szegedy, Vanhoucke, Ioffe, Shlens, Wojna (2016), Rethinking the Inception architecture for
    computer vision, section 7.
    """

    type: Literal["softmax_cross_entropy"] = "softmax_cross_entropy"
    label_smoothing: Annotated[float, Ge(0), Lt(1)] = 0.0
    class_weights: ClassWeights | None = None

    def plan(self, output: Shape, target: Target) -> LossPlan:
        """Plan one loss per example, or per step."""
        found = check_one_output_per_class("softmax_cross_entropy", output, target)
        check_class_weights("softmax_cross_entropy", self.class_weights, found.classes)
        return LossPlan(output, found.shape)


@final
class SoftmaxCrossEntropy(Loss[SoftmaxCrossEntropyConfig]):
    """See `SoftmaxCrossEntropyConfig`."""

    def __init__(self, config: SoftmaxCrossEntropyConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        *steps, self._classes = context.output_shape
        items = context.capacity * math.prod(steps)
        # Classes along the first axis: NumPy reduces over that one several times as fast.
        self._by_class: Array = np.zeros((self._classes, items), context.dtype)
        self._of_item: Array = np.zeros(items, context.dtype)
        self._losses: Array = np.zeros(items, context.dtype)
        self._items = np.arange(items)
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

    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        """Weighted sum of the cross-entropies."""
        return self._loss(self._shifted(outputs), labels_of(targets).reshape(-1), weights)

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        """Weighted sum of the cross-entropies; ``weight * (p - q)`` into ``out``."""
        p, labels = self._shifted(outputs), labels_of(targets).reshape(-1)
        loss = self._loss(p, labels, weights)
        np.divide(p, self._of_item[: len(labels)], out=p)
        smoothing = self.config.label_smoothing
        p[labels, self._items[: len(labels)]] -= 1 - smoothing
        if smoothing:
            np.subtract(p, smoothing / self._classes, out=p)
        np.multiply(p, weights.reshape(-1), out=p)
        np.copyto(out, p.T.reshape(out.shape))
        return loss

    def predict(self, outputs: Array, out: Array) -> None:
        """Softmax of the logits."""
        p = self._shifted(outputs)
        np.divide(p, self._sums(p), out=p)
        np.copyto(out, p.T.reshape(out.shape))

    def _loss(self, shifted: Array, labels: Labels, weights: Array) -> float:
        """Return the sum of ``weight * (log(sum(exp(z))) - q @ z)``.

        Leaves ``exp(z)`` in place of the logits, and their sums in ``_of_item``.
        """
        n, smoothing = len(labels), self.config.label_smoothing
        losses, of_label = self._losses[:n], shifted[labels, self._items[:n]]
        if smoothing:
            shifted.mean(axis=0, out=losses)
            np.multiply(losses, smoothing, out=losses)
            np.multiply(of_label, 1 - smoothing, out=of_label)
            np.add(of_label, losses, out=of_label)
        np.log(self._sums(shifted), out=losses)
        np.subtract(losses, of_label, out=losses)
        return float(np.dot(losses, weights.reshape(-1)))

    def _shifted(self, outputs: Array) -> Array:
        """Return the logits by class, less the largest of each item."""
        logits = outputs.reshape(-1, self._classes)
        shifted, largest = self._by_class[:, : len(logits)], self._of_item[: len(logits)]
        np.copyto(shifted, logits.T)
        shifted.max(axis=0, out=largest)
        np.subtract(shifted, largest, out=shifted)
        return shifted

    def _sums(self, shifted: Array) -> Array:
        """Replace shifted logits by their exponentials, and return the sum for each item."""
        sums = self._of_item[: shifted.shape[1]]
        np.exp(shifted, out=shifted)
        return shifted.sum(axis=0, out=sums)
