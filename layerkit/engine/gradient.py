"""The gradient of a batch: in one pass, or in shards of the batch in parallel."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain

import numpy as np

from layerkit.arrays import Array, Targets
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.contracts.layer_schedules import LayerSchedules
from layerkit.engine.chains import build_chain, output_context
from layerkit.engine.inspection.layers import LayerInspection
from layerkit.engine.inspection.outputs import loss_checks
from layerkit.engine.inspection.watch import Check, watched
from layerkit.engine.item_weights import ItemWeights
from layerkit.engine.network import Network
from layerkit.engine.storage import Storage
from layerkit.engine.workers import WorkerPool
from layerkit.guard import number
from layerkit.randomness import StepRandom


class ForwardBackward:
    """Forward and backward of one shard, through a chain of its own.

    Parameters
    ----------
    network
        Whose parameters to use.
    storage
        Where its gradients go.
    capacity
        The most examples that a batch will have.
    shard
        Its number among those that share a batch; each draws other random numbers.
    schedules
        The numbers of layers that change over the run; without, none does.
    """

    def __init__(
        self,
        network: Network,
        storage: Storage,
        capacity: int,
        shard: int = 0,
        schedules: LayerSchedules | None = None,
    ) -> None:
        plan = network.plan
        self._storage = storage
        self._random = StepRandom(plan.spec.seed, shard)
        self._chain = build_chain(plan, storage, capacity, self._random, schedules)
        context = output_context(plan, capacity)
        self._loss = plan.spec.loss.build(context)
        self._output_grad = context.buffer(plan.output_shape)
        self._outputs = self._output_grad
        self._x: Array | None = None

    @property
    def layers(self) -> Sequence[Layer[LayerConfig]]:
        """All layers, inner ones too."""
        return self._chain.memory.layers

    def loss_checks(self) -> Iterator[Check]:
        """Yield the checks of the loss."""
        return loss_checks(self._loss)

    @property
    def outputs(self) -> Array:
        """What `forward` returned last; the next call overwrites it."""
        return self._outputs

    @property
    def mask(self) -> Array | None:
        """Which steps of the output of the last batch count."""
        return self._chain.mask

    @property
    def added_loss(self) -> float:
        """What layers added to the loss of the last batch."""
        return self._chain.memory.added_loss.total

    def forward(self, x: Array, step: int, batch_size: int) -> None:
        """Run the layers forward, with the random numbers of a step.

        Parameters
        ----------
        x, step
            The shard's inputs, and the step's number.
        batch_size
            Examples of the whole batch.
        """
        self._random.start(step)
        self._chain.memory.added_loss.start(batch_size)
        self._x = x
        self._outputs = self._chain.forward(x, training=True)

    def backward(self, targets: Targets, weights: Array) -> float:
        """Return the weighted loss of the batch; leave its gradient in the storage."""
        grad = self._output_grad[: len(targets)]
        try:
            found = self._loss.gradient(self._outputs, targets, weights, grad)
        except Exception:
            self._find_fault()
            raise
        loss = number(self._loss, "'gradient' to return", found)
        self._chain.backward(grad)
        for tie in self._storage.ties:
            np.add(tie.shared, tie.tied, out=tie.shared)
        return loss

    def _find_fault(self) -> None:
        """Run forward once more and check every layer, to find out who is to blame for an error."""
        if self._x is not None:
            with watched(LayerInspection(self.layers).checks()):
                self._chain.forward(self._x, training=True)

    def run(self, x: Array, targets: Targets, weights: Array, step: int, batch_size: int) -> float:
        """Run forward and backward."""
        self.forward(x, step, batch_size)
        return self.backward(targets, weights)


class BatchGradient:
    """The gradient of a whole batch, in as many shards as there are workers.

    The gradient is the sum of the network's own and those in `added`, which the caller adds up. The
    same number of shards gives the same bits, if they are added in that order. Shards have layer
    state of their own; after every batch each has the mean of all.

    Parameters
    ----------
    network
        Whose parameters to use.
    capacity
        The most examples that a batch will have.
    workers
        Threads to run shards in: as many shards as it has threads.
    schedules
        The numbers of layers that change over the run; without, none does.

    Attributes
    ----------
    added
        Gradients of all shards but the first, whose gradient is the network's own.
    added_loss
        What layers added to the loss of the last batch; not in the loss that is returned.
    """

    def __init__(
        self,
        network: Network,
        capacity: int,
        workers: WorkerPool,
        schedules: LayerSchedules | None = None,
    ) -> None:
        self._schedules = schedules
        shards = len(workers)
        storages = [network.storage]
        storages += [network.storage.for_shard(network.plan) for _ in range(shards - 1)]
        self.added: list[Array] = [storage.vector.grad for storage in storages[1:]]
        self.added_loss: float = 0.0
        self._network, self._storages = network, storages
        self._share = -(-capacity // shards)
        self._states = [storage.state_vector for storage in storages]
        self._shards = self._built()
        self._workers = workers
        context = output_context(network.plan, capacity)
        self._weights = ItemWeights(network.spec.loss.build(context), context)
        self._mask = None
        mask = self._shards[0].mask
        if mask is not None and self._weights.takes_mask(mask):
            self._mask = context.buffer(mask.shape[1:])

    def __call__(
        self, x: Array, targets: Targets, example_weights: Array | None, step: int
    ) -> float:
        """Return the mean loss of a batch; leave the gradients of its shards.

        Parameters
        ----------
        x, targets
            The batch.
        example_weights
            How much each example counts; None: all the same.
        step
            The step's number from 1; random numbers depend on it.
        """
        if self._schedules is not None:
            self._schedules.start(step)
        if self._mask is None and len(self._shards) == 1:
            weights = self._weights.mean(targets, example_weights, None)
            loss = self._shards[0].run(x, targets, weights, step, len(x))
            self.added_loss = self._shards[0].added_loss
            return loss
        n, count = len(x), min(len(x), len(self._shards))
        for unused in self.added[count - 1 :]:
            unused.fill(0)
        rows = [slice(n * shard // count, n * (shard + 1) // count) for shard in range(count)]
        shards = self._shards[:count]
        self._spread_state()
        if self._mask is None:
            weights = self._weights.mean(targets, example_weights, None)
            loss = self._run(
                [
                    partial(shard.run, x[each], targets[each], weights[each], step, n)
                    for shard, each in zip(shards, rows, strict=True)
                ]
            )
        else:
            # The weight of a step depends on how many count in all shards.
            self._run(
                [
                    partial(shard.forward, x[each], step, n)
                    for shard, each in zip(shards, rows, strict=True)
                ]
            )
            for shard, each in zip(shards, rows, strict=True):
                mask = shard.mask
                if mask is not None:
                    self._mask[each] = mask[: each.stop - each.start]
            weights = self._weights.mean(targets, example_weights, self._mask)
            loss = self._run(
                [
                    partial(shard.backward, targets[each], weights[each])
                    for shard, each in zip(shards, rows, strict=True)
                ]
            )
        self._merge_state(count)
        self.added_loss = sum(shard.added_loss for shard in shards)
        return loss

    def _built(self) -> list[ForwardBackward]:
        return [
            ForwardBackward(self._network, storage, self._share, shard, self._schedules)
            for shard, storage in enumerate(self._storages)
        ]

    @contextmanager
    def inspected(self) -> Generator[None]:
        """Check every layer and the loss while the context lasts; shards take turns."""
        inspection = LayerInspection([layer for shard in self._shards for layer in shard.layers])
        losses = chain.from_iterable(shard.loss_checks() for shard in self._shards)
        workers, self._workers = self._workers, WorkerPool()
        try:
            with watched([*inspection.checks(), *losses]):
                yield
        finally:
            self._workers = workers
        inspection.finish()
        # Python finds the attributes of what was watched more slowly: build it anew, once the
        # memory of the old is free.
        del inspection, losses
        self._shards = []
        self._shards = self._built()

    def _run(self, jobs: Sequence[Callable[[], float | None]]) -> float:
        return sum(self._workers.run([partial(_quietly, job) for job in jobs]))

    def _spread_state(self) -> None:
        """Copy the network's state to every shard."""
        for state in self._states[1:]:
            if state.size:
                np.copyto(state, self._states[0])

    def _merge_state(self, count: int) -> None:
        """Make the network's state the mean of those of the shards."""
        first = self._states[0]
        if count == 1 or not first.size:
            return
        for state in self._states[1:count]:
            np.add(first, state, out=first)
        np.divide(first, count, out=first)


def _quietly(job: Callable[[], float | None]) -> float:
    """Run a job without NumPy's warnings; a worker thread does not inherit `np.errstate`."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        return job() or 0.0
