"""The second half of a training step: gradients of shards added up, penalties, the optimizer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts.optimizer import Span
from layerkit.contracts.regularizer import Regularizer, RegularizerConfig
from layerkit.engine.network import Network

BLOCK = 65_536
"""Elements of the flat vectors that are worked on at a time: 256 KiB of float32."""
FLUSH_EVERY = 128
"""Steps between flushes of the optimizer's state."""
TINY = 1e-30
"""Optimizer state below this is flushed to zero, on its way to denormals, which are slow."""


class ParameterUpdate:
    """Changes the parameters of a network by their gradients.

    Block by block, it does all that is to be done with a block while it is in cache. Penalties on
    whole parameters come after that, and then the optimizer has to wait for them. More threads
    would gain nothing here: a pass over a block takes microseconds, and between passes threads wait
    for one another's turn in the interpreter.

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
        penalties: list[_Penalty] = []
        self._whole_penalties: list[_WholePenalty] = []
        for config, paths in zip(spec.regularizers, network.plan.regularized, strict=True):
            regularizer = config.build()
            if regularizer.elementwise:
                penalties += [_Penalty(regularizer, storage.extents[path]) for path in paths]
            else:
                params = [storage.params[path] for path in paths]
                self._whole_penalties += [
                    _WholePenalty(regularizer, each.value, each.grad, np.zeros_like(each.value))
                    for each in params
                ]
        cuts = [*_blocks(vector.value.size)]
        scratch = np.zeros(min(BLOCK, vector.value.size), vector.value.dtype)
        spans = [
            Span(
                vector.value[cut],
                vector.grad[cut],
                tuple(slot[cut] for slot in self.slots.values()),
                scratch[: cut.stop - cut.start],
            )
            for cut in cuts
        ]
        self._blocks = [
            _Block(span, cut, [grad[cut] for grad in added], penalties)
            for span, cut in zip(spans, cuts, strict=True)
        ]
        self._optimizer = spec.optimizer.build()
        self._fused = self._optimizer.elementwise and not self._whole_penalties
        self._spans = spans
        if not self._optimizer.elementwise:
            slots = tuple(self.slots.values())
            self._spans = [Span(vector.value, vector.grad, slots, np.zeros_like(vector.value))]

    def __call__(self, learning_rate: float, step: int) -> float:
        """Change the parameters; ``step`` is its number from 1. Return the penalties."""
        # The engine looks at the loss; warnings about the overflow that led there help nobody.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            penalty = 0.0
            for block in self._blocks:
                penalty += block.complete_gradient()
                if self._fused:
                    self._optimizer.update(block.span, learning_rate, step)
            if not self._fused:
                penalty += sum(each.penalize() for each in self._whole_penalties)
                for span in self._spans:
                    self._optimizer.update(span, learning_rate, step)
        if step % FLUSH_EVERY == 0:
            for block in self._blocks:
                for slot in block.span.slots:
                    slot[np.abs(slot) < TINY] = 0
        return penalty


@dataclass(frozen=True, slots=True)
class _Penalty:
    """An elementwise regularizer, and where one of its parameters lies in the flat vectors."""

    regularizer: Regularizer[RegularizerConfig]
    extent: slice

    def within(self, cut: slice) -> slice | None:
        """Return where in a block the parameter lies, if it does."""
        start, stop = max(self.extent.start, cut.start), min(self.extent.stop, cut.stop)
        return slice(start - cut.start, stop - cut.start) if start < stop else None


@dataclass(frozen=True, slots=True)
class _WholePenalty:
    """A regularizer with one of its parameters, in its shape."""

    regularizer: Regularizer[RegularizerConfig]
    value: Array
    grad: Array
    scratch: Array

    def penalize(self) -> float:
        """Add the penalty's gradient; return the penalty."""
        return self.regularizer.penalize(self.value, self.grad, self.scratch)


class _Block:
    """A span of the flat vectors, the gradients of shards there, and the penalties on it."""

    def __init__(
        self, span: Span, cut: slice, added: Sequence[Array], penalties: Sequence[_Penalty]
    ) -> None:
        self.span = span
        self._added = added
        self._penalties = [
            (each.regularizer, span.value[piece], span.grad[piece], span.scratch[piece])
            for each in penalties
            if (piece := each.within(cut)) is not None
        ]

    def complete_gradient(self) -> float:
        """Add the gradients of shards and of penalties; return the penalties."""
        span, penalty = self.span, 0.0
        for grad in self._added:
            np.add(span.grad, grad, out=span.grad)
        for regularizer, value, grad, scratch in self._penalties:
            penalty += regularizer.penalize(value, grad, scratch)
        return penalty


def _blocks(size: int) -> Iterator[slice]:
    """Yield slices that cut a vector of ``size`` elements into blocks."""
    for start in range(0, size, BLOCK):
        yield slice(start, min(start + BLOCK, size))
