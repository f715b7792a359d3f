"""How much every loss of a batch counts: examples, classes and masks in one array."""

from __future__ import annotations

import numpy as np

from layerkit.arrays import Array, Targets
from layerkit.contracts.loss import Loss, LossConfig
from layerkit.contracts.output import OutputContext


class ItemWeights:
    """Makes the weights of a batch.

    Parameters
    ----------
    loss
        The loss, which has the weights of the targets.
    context
        Of the loss; its capacity is that of the batches.
    """

    def __init__(self, loss: Loss[LossConfig], context: OutputContext) -> None:
        self._loss = loss
        self._weighs = loss.weighs
        self._weights = context.buffer(context.plan.items)
        self._equal: Array | None = None
        self._items = context.plan.items

    def takes_mask(self, mask: Array) -> bool:
        """Tell whether there is a loss for every step that a mask ``(capacity, time)`` is about."""
        return mask.shape[1:] == self._items[:1]

    def plain(self, n: int, examples: Array | None, mask: Array | None) -> Array:
        """Return ``(n, *items)`` weights from the data: 1, times examples' weights and mask."""
        weights = self._weights[:n]
        self._equal = None
        if examples is None:
            weights.fill(1)
        else:
            np.copyto(weights, examples[:n].reshape(n, *(1 for _ in self._items)))
        if mask is not None and self.takes_mask(mask):
            steps = mask[:n].reshape(n, -1, *(1 for _ in self._items[1:]))
            np.multiply(weights, steps, out=weights)
        return weights

    def weighed(self, targets: Targets, weights: Array) -> Array:
        """Multiply weights by those that the loss gives to the targets, in place; return them."""
        if self._weighs:
            self._loss.weigh(targets, weights)
        return weights

    def mean(self, targets: Targets, examples: Array | None, mask: Array | None) -> Array:
        """Return weights that add up to 1, so that a weighted sum is a mean."""
        n = len(targets)
        if examples is None and mask is None and not self._weighs:
            if self._equal is None or len(self._equal) != n:
                self._equal = self._weights[:n]
                self._equal.fill(1 / self._equal.size)
            return self._equal
        weights = self.weighed(targets, self.plain(n, examples, mask))
        total = float(weights.sum())
        if total > 0:
            np.multiply(weights, 1 / total, out=weights)
        return weights
