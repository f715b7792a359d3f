"""Kullback-Leibler divergence of the network's distribution from a target distribution."""

from __future__ import annotations

import math
from typing import Literal, final

import numpy as np

from layerkit.plugin import (
    Array,
    Loss,
    LossConfig,
    LossPlan,
    OutputContext,
    Shape,
    Target,
    Targets,
    check_distributions,
    check_probabilities,
    log_softmax,
)


class KlDivergenceConfig(LossConfig):
    """Kullback-Leibler divergence of the predicted from the given probabilities, on logits.

    ``sum(q * (log(q) - log(p)))`` over classes, ``p = softmax(logits)``, in nats.

    Targets ``q`` are probabilities, one per class, that add up to 1: ``(classes,)``, or
    ``(time, classes)`` where there are some for every step. A ``q`` of 0 adds 0. The network ends
    in a dense layer without a softmax of its own. The gradient with respect to the logits is
    ``weight * (p * sum(q) - q)``; the prediction is ``p``.

    It is ``softmax_cross_entropy`` with the same targets, less their entropy, so that 0 is perfect.
    This is PyTorch's ``KLDivLoss(reduction="batchmean")`` after a ``log_softmax``, and Keras'
    ``KLDivergence`` after a softmax.

    References
    ----------
    Kullback, Leibler (1951), On information and sufficiency.
    """

    type: Literal["kl_divergence"] = "kl_divergence"

    def plan(self, output: Shape, target: Target) -> LossPlan:
        """Plan one loss per distribution."""
        check_distributions("kl_divergence", output, target)
        return LossPlan(output, output[:-1])


@final
class KlDivergence(Loss[KlDivergenceConfig]):
    """See `KlDivergenceConfig`."""

    def __init__(self, config: KlDivergenceConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        *steps, self._classes = context.output_shape
        rows = context.capacity * math.prod(steps)
        shape = (rows, self._classes)
        self._q: Array = np.zeros(shape, context.dtype)
        self._logs: Array = np.zeros(shape, context.dtype)
        self._scratch: Array = np.zeros(shape, context.dtype)
        self._of_item: Array = np.zeros((rows, 1), context.dtype)
        self._least = np.finfo(context.dtype).tiny

    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        """Weighted sum of the divergences."""
        z = outputs.reshape(-1, self._classes)
        n = len(z)
        q, logs, scratch, sums = self._q[:n], self._logs[:n], self._scratch[:n], self._of_item[:n]
        np.copyto(q, targets.reshape(z.shape), casting="same_kind")
        check_probabilities("kl_divergence", q)
        log_softmax(z, logs, scratch, sums)
        np.maximum(q, self._least, out=scratch)
        np.log(scratch, out=scratch)
        np.subtract(scratch, logs, out=scratch)
        np.multiply(scratch, q, out=scratch)
        scratch.sum(axis=1, keepdims=True, out=sums)
        return float(np.dot(sums[:, 0], weights.reshape(-1)))

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        """Weighted sum of the divergences; ``weight * (p * sum(q) - q)`` into ``out``."""
        loss = self.value(outputs, targets, weights)
        grad = out.reshape(-1, self._classes)
        n = len(grad)
        q, sums = self._q[:n], self._of_item[:n]
        q.sum(axis=1, keepdims=True, out=sums)
        np.exp(self._logs[:n], out=grad)
        np.multiply(grad, sums, out=grad)
        np.subtract(grad, q, out=grad)
        np.multiply(grad, weights.reshape(-1, 1), out=grad)
        return loss

    def predict(self, outputs: Array, out: Array) -> None:
        """Softmax of the logits."""
        z = outputs.reshape(-1, self._classes)
        p = out.reshape(z.shape)
        log_softmax(z, p, self._scratch[: len(z)], self._of_item[: len(z)])
        np.exp(p, out=p)
