"""One training step: forward, loss, backward, penalties, update; nothing is allocated."""

from __future__ import annotations

import numpy as np

from layerkit.arrays import Array, Targets
from layerkit.contracts import (
    Loss,
    LossConfig,
    Optimizer,
    OptimizerConfig,
    OutputPlace,
    Regularizer,
    RegularizerConfig,
)
from layerkit.engine.network import Network
from layerkit.engine.stack import Stack

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

    Attributes
    ----------
    slots
        The optimizer's state.
    """

    def __init__(self, network: Network, capacity: int) -> None:
        spec, plan, storage = network.spec, network.plan, network.storage
        self._stack = Stack(plan, storage, capacity, train=True)
        place = OutputPlace(plan.output_shape, plan.info.target, capacity, plan.dtype)
        self._loss = Loss[LossConfig].class_for(spec.loss)(spec.loss, place)
        self._output_grad = place.buffer(plan.output_shape)
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
        grad = self._output_grad[: len(x)]
        outputs = self._stack.forward(x, train=True)
        loss = self._loss.gradient(outputs, targets, grad)
        self._stack.backward(grad)
        penalty = sum(regularizer.apply() for regularizer in self._regularizers)
        self._optimizer.step(learning_rate, count)
        if count % FLUSH_EVERY == 0:
            for slot in self.slots.values():
                slot[np.abs(slot) < TINY] = 0
        return loss, penalty
