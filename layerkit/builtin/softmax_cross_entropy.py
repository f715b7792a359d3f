"""Softmax and cross-entropy, fused on logits."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.arrays import Array, Shape, Targets, labels_of
from layerkit.contracts import (
    Loss,
    LossConfig,
    OutputPlace,
    Target,
    check_one_output_per_class,
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

    def __init__(self, config: SoftmaxCrossEntropyConfig, place: OutputPlace) -> None:
        super().__init__(config, place)
        self._probabilities = place.buffer(place.output_shape)
        self._of_row = place.buffer((1,))
        self._rows = np.arange(place.capacity)

    def value(self, outputs: Array, targets: Targets) -> float:
        """Mean cross-entropy of the batch."""
        return self.gradient(outputs, targets, self._probabilities[: len(outputs)])

    def gradient(self, outputs: Array, targets: Targets, out: Array) -> float:
        """Mean cross-entropy of the batch; ``(p - one_hot(label)) / n`` into ``out``."""
        labels = labels_of(targets)
        n = len(outputs)
        rows, of_row = self._rows[:n], self._of_row[:n]
        np.max(outputs, axis=1, keepdims=True, out=of_row)
        np.subtract(outputs, of_row, out=out)
        chosen = out[rows, labels]
        np.exp(out, out=out)
        np.sum(out, axis=1, keepdims=True, out=of_row)
        np.divide(out, of_row, out=out)
        out[rows, labels] -= 1
        np.divide(out, n, out=out)
        np.log(of_row, out=of_row)
        return float(np.mean(of_row) - np.mean(chosen))

    def predict(self, outputs: Array, out: Array) -> None:
        """Softmax of the logits."""
        of_row = self._of_row[: len(outputs)]
        np.max(outputs, axis=1, keepdims=True, out=of_row)
        np.subtract(outputs, of_row, out=out)
        np.exp(out, out=out)
        np.sum(out, axis=1, keepdims=True, out=of_row)
        np.divide(out, of_row, out=out)
