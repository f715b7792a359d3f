"""The second half of a training step: gradients of shards added up, penalties, the optimizer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from layerkit.arrays import Array
from layerkit.component import Component, Config
from layerkit.contracts.layer_context import Parameter
from layerkit.contracts.optimizer import Optimizer, OptimizerConfig, OptimizerContext, Span
from layerkit.contracts.schedule import ScheduleContext
from layerkit.engine.inspection.updates import (
    constraint_check,
    optimizer_check,
    regularizer_check,
    transform_check,
)
from layerkit.engine.inspection.watch import Check
from layerkit.engine.network import Network
from layerkit.engine.penalties import Penalty, penalties_of
from layerkit.engine.transforms import GradientTransforms
from layerkit.guard import number

BLOCK = 65_536
"""Elements of the flat vectors that are worked on at a time: 256 KiB of float32."""
FLUSH_EVERY = 128
"""Steps between flushes of the optimizer's state."""
TINY = 1e-30
"""Optimizer state below this is flushed to zero, on its way to denormals, which are slow."""


class ParameterUpdate:
    """Changes the parameters of a network by their gradients.

    It works on one block at a time, and does everything with it while it is in cache. Only where
    something asks for the whole gradient, it is completed first, and the optimizer follows in a
    second pass. More threads would gain nothing here: a pass over a block takes microseconds, and
    between passes threads wait for the interpreter's lock.

    Parameters
    ----------
    network
        Changed in place.
    schedule_context
        The run, for schedules of the optimizer's own.
    objective
        Computes the gradient of the current batch again, and returns its loss without penalties.
    added
        Gradients to add to the network's own: those of other shards.
    needs_whole_gradient
        Whether a callback needs the whole gradient of every step.

    Attributes
    ----------
    slots
        The optimizer's state, as long as the parameters that training changes.
    optimizer
        What changes the parameters.
    """

    def __init__(
        self,
        network: Network,
        schedule_context: ScheduleContext,
        objective: Callable[[], float],
        added: Sequence[Array] = (),
        *,
        needs_whole_gradient: bool = False,
    ) -> None:
        spec, plan, storage = network.spec, network.plan, network.storage
        trained = storage.trained
        vector = Parameter(storage.vector.value[trained], storage.vector.grad[trained])
        self.slots: dict[str, Array] = {
            name: np.zeros_like(vector.value) for name in spec.optimizer.slots()
        }
        self._objective = objective
        self._step = 0
        context = OptimizerContext(
            vector, self.slots, self._whole_objective, schedule_context, plan.kernels
        )
        self.optimizer: Optimizer[OptimizerConfig] = spec.optimizer.build(context)
        penalties, self._whole_penalties = penalties_of(network)
        regularizers = [each.regularizer for each in penalties]
        regularizers += [each.regularizer for each in self._whole_penalties]
        self._regularizers = [*dict.fromkeys(regularizers)]
        self._transforms = GradientTransforms(network)
        self._constraints = [
            config.build(storage.params[path].value)
            for config, paths in zip(spec.constraints, plan.constrained, strict=True)
            for path in paths
            if storage.extents[path].stop <= trained.stop
        ]
        scratch = np.zeros(min(BLOCK, vector.value.size), vector.value.dtype)
        self._is_tiny = np.zeros(scratch.size, np.bool_)
        self._blocks: list[_Block] = []
        self._spans: list[tuple[Span, float]] = []
        for group in storage.groups:
            for cut in _blocks(group.extent):
                span = _span(vector, cut, [*self.slots.values()], scratch, group.group.decay)
                block = _Block(span, cut, [grad[cut] for grad in added], penalties)
                self._blocks.append(block)
                self._spans.append((span, group.group.rate))
        self._fused = (
            self.optimizer.scope == "elements"
            and not self._whole_penalties
            and not self._transforms.components
            and not needs_whole_gradient
        )
        if self.optimizer.scope == "parameter":
            self._spans = [
                (_span(vector, extent, [*self.slots.values()], None, plan.groups[path].decay), rate)
                for path, extent in storage.extents.items()
                if (rate := plan.groups[path].rate) > 0
            ]
        elif self.optimizer.scope == "network" and self._blocks:
            self._spans = [(_span(vector, trained, [*self.slots.values()], None, 1.0), 1.0)]

    def __call__(
        self,
        learning_rate: float,
        step: int,
        gradient_ready: Callable[[float], None] | None = None,
    ) -> float:
        """Change the parameters; return the penalties.

        Parameters
        ----------
        learning_rate, step
            Of the step, whose number counts from 1.
        gradient_ready
            Called with the penalties once the gradient is complete, if a callback needs it.
        """
        if self._fused:
            penalty = 0.0
            for block, (span, rate) in zip(self._blocks, self._spans, strict=True):
                penalty += block.complete_gradient()
                self.optimizer.update(span, learning_rate * rate, step)
        else:
            penalty = self.complete_gradient(step)
            if gradient_ready is not None:
                gradient_ready(penalty)
            for span, rate in self._spans:
                self.optimizer.update(span, learning_rate * rate, step)
        for constraint in self._constraints:
            constraint.apply()
        if step % FLUSH_EVERY == 0:
            for block in self._blocks:
                _flush(block.span, self._is_tiny[: block.span.scratch.size])
        return penalty

    def components(self) -> dict[str, Component[Config]]:
        """Return every component that takes part, by a name of its own."""
        numbered: dict[str, Component[Config]] = {"optimizer": self.optimizer}
        for noun, components in (
            ("regularizer", self._regularizers),
            ("gradient transform", self._transforms.components),
            ("constraint", self._constraints),
        ):
            numbered |= {f"{noun} {number}": each for number, each in enumerate(components)}
        return numbered

    def checks(self) -> Iterator[Check]:
        """Yield the checks of all that takes part."""
        yield optimizer_check(self.optimizer)
        yield from map(regularizer_check, self._regularizers)
        yield from map(transform_check, self._transforms.components)
        yield from map(constraint_check, self._constraints)

    def complete_gradient(self, step: int) -> float:
        """Add gradients of shards and penalties, transform the sum; return the penalties.

        Parameters
        ----------
        step
            The step's number from 1; random numbers depend on it.
        """
        self._step = step
        penalty = 0.0
        for block in self._blocks:
            penalty += block.complete_gradient()
        for each in self._whole_penalties:
            penalty += each.penalize()
        self._transforms.apply(step)
        return penalty

    def _whole_objective(self) -> float:
        loss = self._objective()
        return loss + self.complete_gradient(self._step)


class _Block:
    """A span of the flat vectors, the gradients of shards there, and the penalties on it."""

    def __init__(
        self, span: Span, cut: slice, added: Sequence[Array], penalties: Sequence[Penalty]
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
            found = regularizer.penalize(value, grad, scratch)
            penalty += number(regularizer, "'penalize' to return", found)
        return penalty


def _span(
    vector: Parameter, cut: slice, slots: Sequence[Array], scratch: Array | None, decay: float
) -> Span:
    """Return a span of the flat vectors; without scratch, it gets memory of its own."""
    size = cut.stop - cut.start
    memory = np.zeros(size, vector.value.dtype) if scratch is None else scratch[:size]
    cuts = tuple(slot[cut] for slot in slots)
    return Span(vector.value[cut], vector.grad[cut], cuts, memory, decay)


def _flush(span: Span, is_tiny: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> None:
    """Set what is tiny in the optimizer's state to 0; overwrites the scratch of the span."""
    for slot in span.slots:
        np.absolute(slot, out=span.scratch)
        np.less(span.scratch, TINY, out=is_tiny)
        np.copyto(slot, 0, where=is_tiny)


def _blocks(extent: slice) -> Iterator[slice]:
    """Yield slices that cut a stretch into blocks."""
    for start in range(extent.start, extent.stop, BLOCK):
        yield slice(start, min(start + BLOCK, extent.stop))
