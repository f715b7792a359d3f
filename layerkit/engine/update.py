"""The second half of a training step: gradients of shards added up, penalties, the optimizer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts import (
    Block,
    ElementwiseOptimizer,
    ElementwiseRegularizer,
    Optimizer,
    OptimizerConfig,
    Regularizer,
    RegularizerConfig,
)
from layerkit.contracts.blocks import blocks_of, spans
from layerkit.engine.network import Network

FLUSH_EVERY = 128
"""Steps between flushes of the optimizer's state."""
TINY = 1e-30
"""Optimizer state below this is flushed to zero, on its way to denormals, which are slow."""


class Update:
    """Changes the parameters of a network by their gradients.

    Block by block, it does all that is to be done with a block while it is in cache. Regularizers
    that are not elementwise come after that; so does the optimizer if there are any, or if it is
    not elementwise itself. More threads would gain nothing here: a pass over a block takes
    microseconds, and between passes threads wait for one another's turn in the interpreter.

    Parameters
    ----------
    network
        Changed in place.
    added
        Gradients to add to the network's own: those of other shards.

    Attributes
    ----------
    slots
        The optimizer's state.
    """

    def __init__(self, network: Network, added: Sequence[Array] = ()) -> None:
        spec, storage = network.spec, network.storage
        vector = storage.vector
        self.slots: dict[str, Array] = {
            name: np.zeros_like(vector.value) for name in spec.optimizer.slots()
        }
        build = Optimizer[OptimizerConfig].class_for(spec.optimizer)
        optimizer = build(spec.optimizer, vector, self.slots)
        penalties: list[_Penalty] = []
        self._late_regularizers: list[Regularizer[RegularizerConfig]] = []
        for config, paths in zip(spec.regularizers, network.plan.penalized, strict=True):
            regularizer = Regularizer[RegularizerConfig].class_for(config)(
                config, [storage.params[path] for path in paths]
            )
            if isinstance(regularizer, ElementwiseRegularizer):
                penalties += [_Penalty(regularizer, storage.extents[path]) for path in paths]
            else:
                self._late_regularizers.append(regularizer)
        early = (
            optimizer
            if isinstance(optimizer, ElementwiseOptimizer) and not self._late_regularizers
            else None
        )
        self._late_optimizer = optimizer if early is None else None
        cuts = spans(vector.value.size)
        self._tasks = [
            _Task(block, cut, [grad[cut] for grad in added], penalties, early)
            for block, cut in zip(blocks_of(vector, [*self.slots.values()]), cuts, strict=True)
        ]

    def __call__(self, learning_rate: float, count: int) -> float:
        """Change the parameters; ``count`` is the step's number from 1. Return the penalties."""
        # The engine looks at the loss; warnings about the overflow that led there help nobody.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            penalty = sum(task.run(learning_rate, count) for task in self._tasks)
            if self._late_optimizer is not None:
                penalty += sum(regularizer.apply() for regularizer in self._late_regularizers)
                self._late_optimizer.step(learning_rate, count)
        return penalty


@dataclass(frozen=True, slots=True)
class _Penalty:
    """An elementwise regularizer, and where one of its parameters lies in the flat vectors."""

    regularizer: ElementwiseRegularizer[RegularizerConfig]
    extent: slice

    def within(self, cut: slice) -> slice | None:
        """Return where in a block the parameter lies, if it does."""
        start, stop = max(self.extent.start, cut.start), min(self.extent.stop, cut.stop)
        return slice(start - cut.start, stop - cut.start) if start < stop else None


class _Task:
    """All that is done with one block."""

    def __init__(
        self,
        block: Block,
        cut: slice,
        added: Sequence[Array],
        penalties: Sequence[_Penalty],
        optimizer: ElementwiseOptimizer[OptimizerConfig] | None,
    ) -> None:
        self._block = block
        self._added = added
        self._penalties = [
            (each.regularizer, block.value[piece], block.grad[piece], block.scratch[piece])
            for each in penalties
            if (piece := each.within(cut)) is not None
        ]
        self._optimizer = optimizer

    def run(self, learning_rate: float, count: int) -> float:
        """Do it; return the penalties."""
        block, penalty = self._block, 0.0
        for grad in self._added:
            np.add(block.grad, grad, out=block.grad)
        for regularizer, value, grad, scratch in self._penalties:
            penalty += regularizer.penalize(value, grad, scratch)
        if self._optimizer is not None:
            self._optimizer.update(block, learning_rate, count)
        if count % FLUSH_EVERY == 0:
            for slot in block.slots:
                slot[np.abs(slot) < TINY] = 0
        return penalty
