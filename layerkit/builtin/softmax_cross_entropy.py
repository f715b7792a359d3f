"""Softmax and cross-entropy, fused on logits."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge, Lt

from layerkit.plugin import (
    Array,
    ClassWeights,
    Kernel,
    Labels,
    Loss,
    LossConfig,
    LossPlan,
    OutputContext,
    Shape,
    ShapeError,
    Target,
    Targets,
    VectorTarget,
    check_class_weights,
    check_distributions,
    check_one_output_per_class,
    check_probabilities,
    labels_of,
)


class SoftmaxCrossEntropyConfig(LossConfig):
    """Cross-entropy of classes that exclude one another, on logits.

    ``-sum(q * log(p))`` with ``p = softmax(logits)``, in nats; ``q`` is 1 at the label.

    Takes logits, so the network ends in a dense layer without a softmax of its own:
    ``(classes,)``, or ``(time, classes)`` where the data have a class for every step. The gradient
    with respect to the logits is ``weight * (p - q)``; the prediction is ``p``.

    Targets may be probabilities instead of class indices, "soft targets" ``q`` that add up to 1:
    ``(classes,)``, or ``(time, classes)``. This is PyTorch's ``CrossEntropyLoss``, with either kind
    of targets, and Keras' ``SparseCategoricalCrossentropy`` and ``CategoricalCrossentropy``.

    Attributes
    ----------
    label_smoothing
        From 0 to below 1: ``q`` is ``1 - label_smoothing`` at the label, plus
        ``label_smoothing / classes`` everywhere; of soft targets, ``1 - label_smoothing`` times
        what they are, plus that.
    class_weights
        How much the examples of each class count, numbers from 0 in the order of the classes; the
        mean over a batch is a weighted mean, as in PyTorch, where Keras divides by the number of
        examples. With label smoothing the whole loss of an example is weighted by its own class,
        as in Keras; PyTorch weights every term of the sum by the class of that term. None: all
        the same. Only for class indices.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.3.
    Szegedy, Vanhoucke, Ioffe, Shlens, Wojna (2016), Rethinking the Inception architecture for
    computer vision, section 7.
    """

    takes_logits: ClassVar[bool] = True

    type: Literal["softmax_cross_entropy"] = "softmax_cross_entropy"
    label_smoothing: Annotated[float, Ge(0), Lt(1)] = 0.0
    class_weights: ClassWeights | None = None

    def plan(self, output: Shape, target: Target) -> LossPlan:
        """Plan one loss per example, or per step."""
        if isinstance(target, VectorTarget):
            return self._plan_soft(output, target)
        found = check_one_output_per_class("softmax_cross_entropy", output, target)
        check_class_weights("softmax_cross_entropy", self.class_weights, found.classes)
        return LossPlan(output, found.shape, probabilities=True)

    def _plan_soft(self, output: Shape, target: VectorTarget) -> LossPlan:
        check_distributions("softmax_cross_entropy", output, target)
        if self.class_weights is not None:
            raise ShapeError(
                "softmax_cross_entropy expects class_weights only for class indices, found arrays "
                "of probabilities: weight the examples instead",
                ("class_weights",),
            )
        # Not said to be probabilities: those of arrays are of labels that exclude no other.
        return LossPlan(output, output[:-1])


def softmax_cross_entropy(
    logits: Array,
    labels: Labels,
    weights: Array,
    out: Array,
    label_smoothing: float,
    by_class: Array,
    of_item: Array,
    losses: Array,
    items: Labels,
) -> float:
    """Return the weighted sum of the cross-entropies; write its gradient into ``out``.

    Parameters
    ----------
    logits, out
        ``(n, classes)``.
    labels, weights
        ``(n,)``.
    label_smoothing
        As that of `SoftmaxCrossEntropyConfig`.
    by_class, of_item, losses
        Memory for intermediate results: ``(classes, n)``, ``(n,)``, ``(n,)``.
    items
        0 to ``n - 1``.
    """
    loss = _loss(logits, labels, weights, label_smoothing, by_class, of_item, losses, items)
    p = by_class
    np.divide(p, of_item, out=p)
    p[labels, items] -= 1 - label_smoothing
    if label_smoothing:
        np.subtract(p, label_smoothing / len(p), out=p)
    np.multiply(p, weights, out=p)
    np.copyto(out, p.T)
    return loss


def _loss(
    logits: Array,
    labels: Labels,
    weights: Array,
    label_smoothing: float,
    by_class: Array,
    of_item: Array,
    losses: Array,
    items: Labels,
) -> float:
    """Return the sum of ``weight * (log(sum(exp(z))) - q @ z)``.

    Leaves ``exp(z)`` in ``by_class``, and their sums in ``of_item``.
    """
    shifted = by_class
    _shift(logits, shifted, of_item)
    of_label = shifted[labels, items]
    if label_smoothing:
        shifted.sum(axis=0, out=losses)
        np.multiply(losses, label_smoothing / len(shifted), out=losses)
        np.multiply(of_label, 1 - label_smoothing, out=of_label)
        np.add(of_label, losses, out=of_label)
    _exponentiate(shifted, of_item)
    np.log(of_item, out=losses)
    np.subtract(losses, of_label, out=losses)
    return float(np.dot(losses, weights))


def _shift(logits: Array, by_class: Array, largest: Array) -> None:
    """Write the logits by class, less the largest of each item."""
    np.copyto(by_class, logits.T)
    by_class.max(axis=0, out=largest)
    np.subtract(by_class, largest, out=by_class)


def _exponentiate(shifted: Array, sums: Array) -> None:
    """Replace shifted logits by their exponentials, and write the sum for each item."""
    np.exp(shifted, out=shifted)
    shifted.sum(axis=0, out=sums)


SOFTMAX_CROSS_ENTROPY = Kernel("softmax_cross_entropy", softmax_cross_entropy)


@final
class SoftmaxCrossEntropy(Loss[SoftmaxCrossEntropyConfig]):
    """See `SoftmaxCrossEntropyConfig`."""

    def __init__(self, config: SoftmaxCrossEntropyConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self._loss_and_gradient = context.kernels.choose(SOFTMAX_CROSS_ENTROPY)
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
        self._soft: Array | None = None
        if isinstance(context.target, VectorTarget):
            self._soft = np.zeros((self._classes, items), context.dtype)
            self._totals: Array = np.zeros(items, context.dtype)

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
        logits = outputs.reshape(-1, self._classes)
        n = len(logits)
        if self._soft is not None:
            return self._soft_loss(logits, targets, weights.reshape(-1), self._soft[:, :n])
        return _loss(
            logits,
            labels_of(targets).reshape(-1),
            weights.reshape(-1),
            self.config.label_smoothing,
            self._by_class[:, :n],
            self._of_item[:n],
            self._losses[:n],
            self._items[:n],
        )

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        """Weighted sum of the cross-entropies; ``weight * (p - q)`` into ``out``."""
        logits = outputs.reshape(-1, self._classes)
        n = len(logits)
        if self._soft is not None:
            q = self._soft[:, :n]
            loss = self._soft_loss(logits, targets, weights.reshape(-1), q)
            self._soft_gradient(q, weights.reshape(-1), out.reshape(-1, self._classes))
            return loss
        return self._loss_and_gradient(
            logits,
            labels_of(targets).reshape(-1),
            weights.reshape(-1),
            out.reshape(-1, self._classes),
            self.config.label_smoothing,
            self._by_class[:, :n],
            self._of_item[:n],
            self._losses[:n],
            self._items[:n],
        )

    def predict(self, outputs: Array, out: Array) -> None:
        """Softmax of the logits."""
        logits = outputs.reshape(-1, self._classes)
        p, sums = self._by_class[:, : len(logits)], self._of_item[: len(logits)]
        _shift(logits, p, sums)
        _exponentiate(p, sums)
        np.divide(p, sums, out=p)
        np.copyto(out, p.T.reshape(out.shape))

    def _soft_loss(self, logits: Array, targets: Targets, weights: Array, q: Array) -> float:
        """Return the sum of ``weight * (sum(q) * log(sum(exp(z))) - q @ z)``.

        Leaves the targets, smoothed and by class, in ``q``; ``exp(z)`` and their sums as `_loss`.
        """
        n, smoothing = len(logits), self.config.label_smoothing
        z, of_item, losses = self._by_class[:, :n], self._of_item[:n], self._losses[:n]
        np.copyto(q, targets.reshape(-1, self._classes).T, casting="same_kind")
        check_probabilities("softmax_cross_entropy", q)
        if smoothing:
            np.multiply(q, 1 - smoothing, out=q)
            np.add(q, smoothing / self._classes, out=q)
        _shift(logits, z, of_item)
        np.einsum("kn,kn->n", q, z, out=losses)
        of_targets = float(np.dot(losses, weights))
        _exponentiate(z, of_item)
        np.log(of_item, out=losses)
        np.multiply(losses, q.sum(axis=0, out=self._totals[:n]), out=losses)
        return float(np.dot(losses, weights)) - of_targets

    def _soft_gradient(self, q: Array, weights: Array, out: Array) -> None:
        """Write ``weight * (sum(q) * p - q)`` from what `_soft_loss` left."""
        n = len(out)
        grad, of_item = self._by_class[:, :n], self._of_item[:n]
        np.divide(grad, of_item, out=grad)
        np.multiply(grad, self._totals[:n], out=grad)
        np.subtract(grad, q, out=grad)
        np.multiply(grad, weights, out=grad)
        np.copyto(out, grad.T)
