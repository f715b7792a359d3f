"""Sigmoid and binary cross-entropy, fused on logits."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias, final

import numpy as np
from annotated_types import Ge, Gt, Lt
from pydantic import Strict

from layerkit.plugin import (
    Array,
    ClassTarget,
    ClassWeights,
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
    check_one_output_per_value,
    labels_of,
)

PositiveWeights: TypeAlias = Annotated[tuple[Annotated[float, Gt(0)], ...], Strict(strict=False)]


class BinaryCrossEntropyConfig(LossConfig):
    """Cross-entropy of two classes, or of several labels that are 0 or 1, on logits.

    ``-q * log(p) - (1 - q) * log(1 - p)`` with ``p = sigmoid(logit)``, in nats.

    Takes logits, so the network ends in a dense layer without a sigmoid of its own.

    Two classes: one logit, ``(1,)``, that the class is 1; ``q`` is the class index. The prediction
    is ``(2,)``, ``[1 - p, p]``, one probability per class, so that all metrics of classes work.

    Several labels: one logit for each, ``(labels,)``, against targets ``(labels,)`` from 0 to 1,
    each of them a ``q``. The loss of an example is the mean over its labels; the prediction is
    ``p``, ``(labels,)``.

    Steps come first: ``(time, 1)`` where the data have one of two classes for every step,
    ``(time, labels)`` where they have labels for every step. Either way the mean over a batch is
    that of ``torch.nn.BCEWithLogitsLoss``.

    Attributes
    ----------
    label_smoothing
        From 0 to below 1: ``q * (1 - label_smoothing) + label_smoothing / 2`` stands for ``q``, as
        in Keras; PyTorch has none here.
    class_weights
        For two classes: how much the examples of each count; the mean over a batch is a weighted
        mean. That of ``BCEWithLogitsLoss(weight=...)`` with the weight of every example's class,
        divided by their sum. None: both the same.
    positive_weights
        For several labels: factor above 0 of the term ``-q * log(p)`` of each, for labels that are
        rare: ``BCEWithLogitsLoss(pos_weight=...)``. None: all 1.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.2.
    """

    takes_logits: ClassVar[bool] = True

    type: Literal["binary_cross_entropy"] = "binary_cross_entropy"
    label_smoothing: Annotated[float, Ge(0), Lt(1)] = 0.0
    class_weights: ClassWeights | None = None
    positive_weights: PositiveWeights | None = None

    def plan(self, output: Shape, target: Target) -> LossPlan:
        """Plan one loss per example, or per step."""
        if isinstance(target, VectorTarget):
            return self._plan_labels(output, target)
        return self._plan_classes(output, target)

    def _plan_classes(self, output: Shape, target: ClassTarget) -> LossPlan:
        what, expected = "binary_cross_entropy", (*target.shape, 1)
        if target.classes != 2:
            raise ShapeError(
                f"{what} expects two classes, found {target.classes}",
                hint="use softmax_cross_entropy",
            )
        if output not in {expected, target.shape}:
            raise ShapeError(
                f"{what} expects an output of shape {expected}, one logit for two classes; "
                f"found {output}: end in a dense layer with units = 1"
            )
        check_class_weights(what, self.class_weights, 2)
        if self.positive_weights is not None:
            raise ShapeError(
                f"{what} expects positive_weights only for several labels, found two classes: "
                "use class_weights",
                ("positive_weights",),
            )
        return LossPlan((*target.shape, 2), target.shape, probabilities=True)

    def _plan_labels(self, output: Shape, target: VectorTarget) -> LossPlan:
        what = "binary_cross_entropy"
        check_one_output_per_value(what, output, target)
        labels = output[-1] if output else 1
        if self.positive_weights is not None and len(self.positive_weights) != labels:
            raise ShapeError(
                f"{what} expects {labels} positive weights, one for each label; "
                f"found {len(self.positive_weights)}",
                ("positive_weights",),
            )
        if self.class_weights is not None:
            raise ShapeError(
                f"{what} expects class_weights only for two classes, found several labels: "
                "use positive_weights",
                ("class_weights",),
            )
        return LossPlan(target.shape, target.shape[:-1], probabilities=True)


@final
class BinaryCrossEntropy(Loss[BinaryCrossEntropyConfig]):
    """See `BinaryCrossEntropyConfig`."""

    def __init__(self, config: BinaryCrossEntropyConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        items = context.plan.items
        # Every array has one axis of labels at the end, of length 1 where there are two classes.
        self._of_classes = isinstance(context.target, ClassTarget)
        labels = 1 if self._of_classes or not context.output_shape else context.output_shape[-1]
        self._shape: Shape = (*items, labels)
        self._positive = context.buffer(self._shape)
        self._negative = context.buffer(self._shape)
        self._losses = context.buffer(self._shape)
        self._decay = context.buffer(self._shape)
        self._scratch = context.buffer(self._shape)
        self._class_weights: Array | None = None
        self._positive_weights: Array | None = None
        if config.class_weights is not None:
            self._class_weights = np.array(config.class_weights, context.dtype)
        if config.positive_weights is not None:
            self._positive_weights = np.array(config.positive_weights, context.dtype)

    @property
    def weighs(self) -> bool:
        """Whether there are class weights."""
        return self._class_weights is not None

    def weigh(self, targets: Targets, weights: Array) -> None:
        """Multiply by what the two classes weigh."""
        if self._class_weights is not None:
            np.multiply(weights, self._class_weights[labels_of(targets)], out=weights)

    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        """Weighted sum of the cross-entropies."""
        return self._loss(self._by_label(outputs), targets, weights)

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        """Weighted sum of the cross-entropies; ``weight * (p - q) / labels`` into ``out``."""
        z, n = self._by_label(outputs), len(outputs)
        loss = self._loss(z, targets, weights)
        positive, negative, grad = self._positive[:n], self._negative[:n], self._by_label(out)
        self._sigmoid(z, grad)
        np.add(negative, positive, out=negative)
        np.multiply(grad, negative, out=grad)
        np.subtract(grad, positive, out=grad)
        np.multiply(grad, weights[..., np.newaxis], out=grad)
        if self._shape[-1] > 1:
            np.multiply(grad, 1 / self._shape[-1], out=grad)
        return loss

    def predict(self, outputs: Array, out: Array) -> None:
        """``[1 - p, p]`` for two classes, ``p`` for several labels."""
        z = self._by_label(outputs)
        np.exp(self._minus_magnitude(z), out=self._decay[: len(z)])
        if self._of_classes:
            self._sigmoid(z, out[..., 1:])
            scratch = self._losses[: len(z)]
            self._sigmoid(np.negative(z, out=scratch), out[..., :1])
        else:
            self._sigmoid(z, self._by_label(out))

    def _loss(self, z: Array, targets: Targets, weights: Array) -> float:
        """Return the loss, as ``a * log(1 + exp(z)) + b * log(1 + exp(-z))`` without overflow.

        Leaves ``b``, the factors of ``-log(p)``, in ``_positive``; ``a``, those of ``-log(1 - p)``,
        in ``_negative``; and ``exp(-abs(z))`` in ``_decay``.
        """
        n = len(z)
        positive, negative, losses = self._positive[:n], self._negative[:n], self._losses[:n]
        decay, scratch = self._decay[:n], self._scratch[:n]
        np.copyto(positive, targets.reshape(positive.shape), casting="same_kind")
        if smoothing := self.config.label_smoothing:
            np.multiply(positive, 1 - smoothing, out=positive)
            np.add(positive, smoothing / 2, out=positive)
        np.subtract(1, positive, out=negative)
        if self._positive_weights is not None:
            np.multiply(positive, self._positive_weights, out=positive)
        np.exp(self._minus_magnitude(z), out=decay)
        np.log1p(decay, out=losses)
        np.add(negative, positive, out=scratch)
        np.multiply(losses, scratch, out=losses)
        np.maximum(z, 0, out=scratch)
        np.multiply(scratch, negative, out=scratch)
        np.add(losses, scratch, out=losses)
        np.minimum(z, 0, out=scratch)
        np.multiply(scratch, positive, out=scratch)
        np.subtract(losses, scratch, out=losses)
        np.multiply(losses, weights[..., np.newaxis], out=losses)
        return float(losses.sum()) / self._shape[-1]

    def _by_label(self, array: Array) -> Array:
        """Return a view of outputs, or of their gradient, ``(n, *items, labels)``."""
        return array.reshape(len(array), *self._shape)

    def _minus_magnitude(self, z: Array) -> Array:
        """Return ``-abs(z)``, in scratch memory."""
        scratch = np.abs(z, out=self._scratch[: len(z)])
        return np.negative(scratch, out=scratch)

    def _sigmoid(self, z: Array, out: Array) -> None:
        """Write ``exp(min(z, 0)) / (1 + exp(-abs(z)))``; ``exp(-abs(z))`` must be in ``_decay``."""
        whole = np.add(self._decay[: len(z)], 1, out=self._scratch[: len(z)])
        np.minimum(z, 0, out=out)
        np.exp(out, out=out)
        np.divide(out, whole, out=out)
