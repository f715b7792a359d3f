"""Softmax and cross-entropy, fused on logits."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import (
    Array,
    Loss,
    LossConfig,
    OutputContext,
    Shape,
    Target,
    Targets,
    check_one_output_per_class,
    labels_of,
)


class SoftmaxCrossEntropyConfig(LossConfig):
    """``mean over the batch of -log p[label]`` with ``p = softmax(logits)``, in nats.

    Takes logits, so the network ends in a dense layer without a softmax of its own. The gradient
    by the logits is ``(p - one_hot(label)) / n``.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.3.
    """

    type: Literal["softmax_cross_entropy"] = "softmax_cross_entropy"

    def check(self, output: Shape, target: Target) -> None:
        """Check that there is one logit per class."""
        check_one_output_per_class("softmax_cross_entropy", output, target)


@final
class SoftmaxCrossEntropy(Loss[SoftmaxCrossEntropyConfig]):
    """See `SoftmaxCrossEntropyConfig`."""

    def __init__(self, config: SoftmaxCrossEntropyConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        # Classes along the first axis: NumPy reduces over that one several times as fast.
        self._by_class: Array = np.zeros((*context.output_shape, context.capacity), context.dtype)
        self._of_example = context.buffer(())
        self._examples = np.arange(context.capacity)

    def value(self, outputs: Array, targets: Targets) -> float:
        """Mean cross-entropy of the batch."""
        return self._loss(outputs, targets)[1]

    def gradient(self, outputs: Array, targets: Targets, out: Array) -> float:
        """Mean cross-entropy of the batch; ``(p - one_hot(label)) / n`` into ``out``."""
        p, loss = self._loss(outputs, targets)
        p[labels_of(targets), self._examples[: len(outputs)]] -= 1
        np.divide(p.T, len(outputs), out=out)
        return loss

    def predict(self, outputs: Array, out: Array) -> None:
        """Softmax of the logits."""
        np.copyto(out, self._softmax(self._shifted(outputs)).T)

    def _loss(self, outputs: Array, targets: Targets) -> tuple[Array, float]:
        """Return the probabilities by class, and the mean of ``log(sum(exp(z))) - z[label]``."""
        n = len(outputs)
        shifted = self._shifted(outputs)
        of_label = shifted[labels_of(targets), self._examples[:n]].sum()
        p = self._softmax(shifted)
        log_sums = np.log(self._of_example[:n], out=self._of_example[:n]).sum()
        return p, float(log_sums - of_label) / n

    def _shifted(self, outputs: Array) -> Array:
        """Return the logits by class, less the largest of each example."""
        shifted, largest = self._by_class[:, : len(outputs)], self._of_example[: len(outputs)]
        np.copyto(shifted, outputs.T)
        shifted.max(axis=0, out=largest)
        np.subtract(shifted, largest, out=shifted)
        return shifted

    def _softmax(self, shifted: Array) -> Array:
        """Turn shifted logits into probabilities, in place; leave the sums for the loss."""
        sums = self._of_example[: shifted.shape[1]]
        np.exp(shifted, out=shifted)
        shifted.sum(axis=0, out=sums)
        np.divide(shifted, sums, out=shifted)
        return shifted
