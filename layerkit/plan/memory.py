"""How much memory a run will take, estimated before anything is allocated."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layerkit.arrays import Shape
from layerkit.contracts.dataset import ClassTarget
from layerkit.contracts.layer_plan import LayerPlan
from layerkit.contracts.promises import count_of
from layerkit.guard import component_errors

if TYPE_CHECKING:
    from layerkit.plan.network import NetworkPlan

_LABEL_BYTES = 8
_KEPT_BYTES = 8


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes that a run takes, by purpose.

    Attributes
    ----------
    parameters, gradients
        Exact; every shard of a batch has gradients of its own.
    optimizer
        The optimizer's state, exact; there is none for frozen parameters.
    copies
        Those of parameters and state that callbacks keep, and the run: the last finite ones and
        those of the best epoch. Exact.
    state
        What layers keep beside parameters, exact.
    activations
        An estimate: inputs (of mapped data, those of the next batch too), every layer's output,
        its workspace and, where it is needed, the gradient of its input, for a batch to train on
        and for one to evaluate. A layer takes up to 3.5 times as much: it need not state a
        workspace as small as a mask. None if the batch size is known only once the data are read.
    data
        All examples with their targets; None if that is known only once they are read. Of mapped
        data, the class indices.
    metrics
        What metrics keep of all examples that are evaluated at a time, such as every prediction, at
        most; None if their number is known only once they are read.
    mapped
        What of the data stays in files, and is not in memory; None if that is known only once they
        are read.
    """

    parameters: int
    gradients: int
    optimizer: int
    copies: int
    state: int
    activations: int | None
    data: int | None
    metrics: int | None = 0
    mapped: int | None = 0

    @property
    def total(self) -> int:
        """All that is known to be in memory, together."""
        return (
            self.parameters
            + self.gradients
            + self.optimizer
            + self.copies
            + self.state
            + (self.activations or 0)
            + (self.data or 0)
            + (self.metrics or 0)
        )


@component_errors()
def estimate_memory(plan: NetworkPlan, evaluation_capacity: int, shards: int = 1) -> Memory:
    """Return what a run of the spec takes, beside the interpreter and its libraries.

    Parameters
    ----------
    plan
        Of the spec.
    evaluation_capacity
        The most examples that a thread of the engine evaluates at a time.
    shards
        Parts of a batch, or batches to evaluate, that are worked on in parallel.
    """
    item = plan.dtype.itemsize
    parameters = plan.size * item
    state = _values(spec.shape for _, spec in plan.state()) * item
    trained = _values(param.shape for path, param in plan.params() if plan.groups[path].rate > 0)
    optimizer = plan.spec.optimizer
    copies = sum(count_of(each, "copies", each.copies()) for each in plan.callbacks)
    copies += 2 if plan.spec.checkpoints.best and plan.validation_examples != 0 else 1
    vectors = count_of(optimizer, "vectors", optimizer.vectors())
    data, mapped = _data(plan)
    return Memory(
        parameters=parameters,
        gradients=parameters * shards,
        optimizer=trained * item * (len(optimizer.slots()) + vectors),
        copies=copies * (parameters + state),
        state=state,
        activations=_activations(plan, evaluation_capacity, shards),
        data=data,
        metrics=_metrics(plan),
        mapped=mapped,
    )


def _activations(plan: NetworkPlan, evaluation_capacity: int, shards: int) -> int | None:
    batch_size = plan.spec.training.batch_size
    batch = plan.train_examples if batch_size == "full" else batch_size
    if batch is None:
        return None
    forward = math.prod(plan.info.input_shape) + forward_values(plan.chain)
    backward = backward_values(plan.chain, is_wanted=False) + math.prod(plan.output_shape)
    counts = [plan.validation_examples, plan.test_examples]
    evaluated = max(evaluation_capacity if count is None else count for count in counts)
    evaluation = shards * min(evaluated, evaluation_capacity) * forward
    read_ahead = (batch + shards * min(evaluated, evaluation_capacity)) if plan.info.mapped else 0
    inputs = read_ahead * math.prod(plan.info.input_shape)
    return (batch * (forward + backward) + evaluation + inputs) * plan.dtype.itemsize


def _metrics(plan: NetworkPlan) -> int | None:
    prediction, target = plan.loss.prediction, plan.info.target
    kept = sum(count_of(each, "kept", each.kept(prediction, target)) for each in plan.spec.metrics)
    counts = [plan.validation_examples, plan.test_examples]
    known = [count for count in counts if count is not None]
    if kept and len(known) < len(counts):
        return None
    return kept * _KEPT_BYTES * max(known, default=0)


def _data(plan: NetworkPlan) -> tuple[int | None, int | None]:
    """Return how many bytes of the data are in memory, and how many stay in files."""
    info = plan.info
    parts = [info.train, info.validation, info.test]
    known = [count for count in parts if count is not None]
    if len(known) < len(parts) or info.bytes_per_value is None:
        return None, None if info.mapped else 0
    has_classes = isinstance(info.target, ClassTarget)
    target = _LABEL_BYTES if has_classes else math.prod(info.target.shape) * plan.dtype.itemsize
    inputs = sum(known) * math.prod(info.input_shape) * info.bytes_per_value
    targets = sum(known) * target
    if not info.mapped:
        return inputs + targets, 0
    return (targets, inputs) if has_classes else (0, inputs + targets)


def _values(shapes: Iterable[Shape]) -> int:
    return sum(math.prod(shape) for shape in shapes)


def forward_values(plan: LayerPlan) -> int:
    """Return how many values the outputs and workspaces of all layers have for one example."""
    return sum(
        math.prod(each.plan.output) + each.plan.workspace + forward_values(each.plan)
        for each in plan.layers
    )


def backward_values(plan: LayerPlan, *, is_wanted: bool) -> int:
    """Return how many values the gradients of all layers' inputs have for one example."""
    values = 0
    for layer in plan.layers:
        values += math.prod(layer.input_shape) if is_wanted else 0
        values += backward_values(layer.plan, is_wanted=is_wanted)
        is_wanted = is_wanted or layer.plan.size > 0
    return values
