"""Softmax and cross-entropy, fused on logits."""

from __future__ import annotations

import math
from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Ge, Lt
from pydantic import Strict

from layerkit.plugin import (
    Array,
    Loss,
    LossConfig,
    LossPlan,
    OutputContext,
    Shape,
    ShapeError,
    Target,
    Targets,
    check_one_output_per_class,
    labels_of,
)


class SoftmaxCrossEntropyConfig(LossConfig):
    """``-sum(q * log(p))`` with ``p = softmax(logits)``, in nats; ``q`` is 1 at the label.

    Takes logits, so the network ends in a dense layer without a softmax of its own:
    ``(classes,)``, or ``(time, classes)`` where the data have a class for every step. The gradient
    with respect to the logits is ``weight * (p - q)``.

    Attributes
    ----------
    label_smoothing
        From 0 to below 1: ``q`` is ``1 - label_smoothing`` at the label, plus
        ``label_smoothing / classes`` everywhere.
    class_weights
        How much each class counts, numbers from 0 in the order of the classes; the mean over a
        batch is a weighted mean. None: all the same.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.3.
    Szegedy, Vanhoucke, Ioffe, Shlens, Wojna (2016), Rethinking the Inception architecture for
    computer vision, section 7.
    """

    type: Literal["softmax_cross_entropy"] = "softmax_cross_entropy"
    label_smoothing: Annotated[float, Ge(0), Lt(1)] = 0.0
    class_weights: Annotated[tuple[Annotated[float, Ge(0)], ...], Strict(strict=False)] | None = (
        None
    )

    def plan(self, output: Shape, target: Target) -> LossPlan:
        """Plan one loss per example, or per step."""
        classes = check_one_output_per_class("softmax_cross_entropy", output, target)
        if self.class_weights is not None and len(self.class_weights) != classes.classes:
            raise ShapeError(
                f"softmax_cross_entropy expects {classes.classes} class weights, "
                f"found {len(self.class_weights)}",
                ("class_weights",),
            )
        return LossPlan(output, classes.shape)


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

    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        """Weighted sum of the cross-entropies."""
        return self._loss(outputs, targets, weights)[1]

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        """Weighted sum of the cross-entropies; ``weight * (p - q)`` into ``out``."""
        p, loss = self._loss(outputs, targets, weights)
        smoothing = self.config.label_smoothing
        p[labels_of(targets).reshape(-1), self._items[: p.shape[1]]] -= 1 - smoothing
        if smoothing:
            np.subtract(p, smoothing / self._classes, out=p)
        np.multiply(p.T, weights.reshape(-1, 1), out=out.reshape(-1, self._classes))
        return loss

    @property
    def weighs(self) -> bool:
        """Whether classes have weights."""
        return self._class_weights is not None

    def weigh(self, targets: Targets, weights: Array) -> None:
        """Multiply by what the classes weigh."""
        if self._class_weights is not None:
            np.multiply(weights, self._class_weights[labels_of(targets)], out=weights)

    def predict(self, outputs: Array, out: Array) -> None:
        """Softmax of the logits."""
        p = self._softmax(self._shifted(outputs))
        np.copyto(out.reshape(-1, self._classes), p.T)

    def _loss(self, outputs: Array, targets: Targets, weights: Array) -> tuple[Array, float]:
        """Return the probabilities by class, and the sum of ``w * (log(sum(exp(z))) - q @ z)``."""
        shifted = self._shifted(outputs)
        n, smoothing = shifted.shape[1], self.config.label_smoothing
        losses, sums = self._losses[:n], self._of_item[:n]
        losses[...] = shifted[labels_of(targets).reshape(-1), self._items[:n]]
        if smoothing:
            shifted.sum(axis=0, out=sums)
            np.multiply(sums, smoothing / self._classes, out=sums)
            np.multiply(losses, 1 - smoothing, out=losses)
            np.add(losses, sums, out=losses)
        p = self._softmax(shifted)
        np.log(sums, out=sums)
        np.subtract(sums, losses, out=losses)
        return p, float(np.dot(losses, weights.reshape(-1)))

    def _shifted(self, outputs: Array) -> Array:
        """Return the logits by class, less the largest of each item."""
        logits = outputs.reshape(-1, self._classes)
        shifted, largest = self._by_class[:, : len(logits)], self._of_item[: len(logits)]
        np.copyto(shifted, logits.T)
        shifted.max(axis=0, out=largest)
        np.subtract(shifted, largest, out=shifted)
        return shifted

    def _softmax(self, shifted: Array) -> Array:
        """Turn shifted logits into probabilities, in place; leave the sums for the loss."""
        sums = self._of_item[: shifted.shape[1]]
        np.exp(shifted, out=shifted)
        shifted.sum(axis=0, out=sums)
        np.divide(shifted, sums, out=shifted)
        return shifted
