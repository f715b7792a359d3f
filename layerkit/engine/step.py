"""One training step: the gradient of a batch, penalties, update; nothing is allocated."""

from __future__ import annotations

import numpy as np

from layerkit.arrays import Array, Targets
from layerkit.contracts import Optimizer, OptimizerConfig, Regularizer, RegularizerConfig
from layerkit.engine.gradient import Pass, ShardedPass
from layerkit.engine.network import Network

FLUSH_EVERY = 128
"""Steps between flushes of the optimizer's state."""
TINY = 1e-30
"""Optimizer state below this is flushed to zero, on its way to denormals, which are slow."""


class Step:
    """Changes a network by one batch at a time.

    Parameters
    ----------
    network
        Changed in place.
    capacity
        The most examples that a batch will have.
    shards
        Parts of the batch that are worked on side by side.

    Attributes
    ----------
    slots
        The optimizer's state.
    """

    def __init__(self, network: Network, capacity: int, shards: int = 1) -> None:
        spec, plan, storage = network.spec, network.plan, network.storage
        self._gradient = (
            Pass(network, storage, capacity)
            if shards == 1
            else ShardedPass(network, capacity, shards)
        )
        self._regularizers = [
            Regularizer[RegularizerConfig].class_for(config)(
                config, [storage.params[path] for path in paths]
            )
            for config, paths in zip(spec.regularizers, plan.penalized, strict=True)
        ]
        self.slots: dict[str, Array] = {
            name: np.zeros_like(storage.vector.value) for name in spec.optimizer.slots()
        }
        optimizer = Optimizer[OptimizerConfig].class_for(spec.optimizer)
        self._optimizer = optimizer(spec.optimizer, storage.vector, self.slots)

    def __call__(
        self, x: Array, targets: Targets, learning_rate: float, count: int
    ) -> tuple[float, float]:
        """Train on one batch; ``count`` is the step's number from 1.

        Returns
        -------
        tuple of float
            The loss, without penalties, and the penalties.
        """
        loss = self._gradient(x, targets)
        # The engine looks at the loss; warnings about the overflow that led there help nobody.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            penalty = sum(regularizer.apply() for regularizer in self._regularizers)
            self._optimizer.step(learning_rate, count)
        if count % FLUSH_EVERY == 0:
            for slot in self.slots.values():
                slot[np.abs(slot) < TINY] = 0
        return loss, penalty
