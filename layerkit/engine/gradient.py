"""The gradient of a batch: in one pass, or in shards of the batch side by side."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from layerkit.arrays import Array, Targets
from layerkit.contracts.output import OutputContext
from layerkit.engine.chain import Chain
from layerkit.engine.network import Network
from layerkit.engine.storage import Storage
from layerkit.engine.workers import WorkerPool


class ForwardBackward:
    """Forward and backward through a stack of its own.

    Parameters
    ----------
    network
        Whose parameters to use.
    storage
        Where its gradients go.
    capacity
        The most examples that a batch will have.
    shard
        Its number among passes that share a batch; each draws other random numbers.
    """

    def __init__(self, network: Network, storage: Storage, capacity: int, shard: int = 0) -> None:
        spec, plan = network.spec, network.plan
        self._chain = Chain(plan, storage, capacity, train=True, shard=shard)
        context = OutputContext(plan.output_shape, plan.info.target, capacity, plan.dtype)
        self._loss = spec.loss.build(context)
        self._output_grad = context.buffer(plan.output_shape)

    def __call__(self, x: Array, targets: Targets, share: float = 1.0) -> float:
        """Return the mean loss of a batch; leave its gradient, times ``share``, in the storage."""
        # The engine looks at the loss; warnings about the overflow that led there help nobody.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            grad = self._output_grad[: len(x)]
            outputs = self._chain.forward(x, training=True)
            loss = self._loss.gradient(outputs, targets, grad)
            if share != 1:
                np.multiply(grad, share, out=grad)
            self._chain.backward(grad)
        return loss * share


class ShardedForwardBackward:
    """Passes side by side, each over its share of the batch.

    The gradient of the batch is the sum of the network's own and those in `added`, which is left to
    whoever uses it. The same number of shards gives the same bits, as long as they are added in
    that order.

    Parameters
    ----------
    network
        Whose parameters to use.
    capacity
        The most examples that a batch will have.
    workers
        Who does them: as many shards as it has threads.

    Attributes
    ----------
    added
        Gradients of all shards but the first, whose gradient is the network's own.
    """

    def __init__(self, network: Network, capacity: int, workers: WorkerPool) -> None:
        shards = len(workers)
        share = -(-capacity // shards)
        storages = [network.storage]
        storages += [network.storage.with_own_gradients() for _ in range(shards - 1)]
        self.added: list[Array] = [storage.vector.grad for storage in storages[1:]]
        self._passes = [
            ForwardBackward(network, storage, share, shard)
            for shard, storage in enumerate(storages)
        ]
        self._pool = workers

    def __call__(self, x: Array, targets: Targets) -> float:
        """Return the mean loss of a batch; leave the gradients of its shards."""
        n, count = len(x), min(len(x), len(self._passes))
        for unused in self.added[count - 1 :]:
            unused.fill(0)
        jobs: list[Callable[[], float]] = []
        for shard, run in enumerate(self._passes[:count]):
            rows = slice(n * shard // count, n * (shard + 1) // count)
            jobs.append(partial(run, x[rows], targets[rows], (rows.stop - rows.start) / n))
        return sum(self._pool.run(jobs))
