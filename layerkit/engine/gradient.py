"""The gradient of a batch: in one pass, or in shards of the batch side by side."""

from __future__ import annotations

import numpy as np

from layerkit.arrays import Array, Targets
from layerkit.contracts import Loss, LossConfig, OutputPlace
from layerkit.engine.crew import Crew
from layerkit.engine.network import Network
from layerkit.engine.stack import Stack
from layerkit.engine.storage import Storage


class Pass:
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
        self.grad: Array = storage.vector.grad
        self._stack = Stack(plan, storage, capacity, train=True, shard=shard)
        place = OutputPlace(plan.output_shape, plan.info.target, capacity, plan.dtype)
        self._loss = Loss[LossConfig].class_for(spec.loss)(spec.loss, place)
        self._output_grad = place.buffer(plan.output_shape)

    def __call__(self, x: Array, targets: Targets) -> float:
        """Return the mean loss of a batch; leave its gradient in the storage."""
        # The engine looks at the loss; warnings about the overflow that led there help nobody.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            grad = self._output_grad[: len(x)]
            outputs = self._stack.forward(x, train=True)
            loss = self._loss.gradient(outputs, targets, grad)
            self._stack.backward(grad)
        return loss


class ShardedPass:
    """Passes side by side, each over its share of the batch in a thread of its own.

    The same number of shards gives the same bits: gradients are added in the order of the shards,
    whichever is done first.

    Parameters
    ----------
    network
        Whose parameters to use, and in whose storage the gradient of the whole batch ends up.
    capacity
        The most examples that a batch will have.
    shards
        How many passes, at least 2.
    """

    def __init__(self, network: Network, capacity: int, shards: int) -> None:
        share = -(-capacity // shards)
        storages = [network.storage]
        storages += [network.storage.with_own_gradients() for _ in range(shards - 1)]
        self._passes = [
            Pass(network, storage, share, shard) for shard, storage in enumerate(storages)
        ]
        self._crew = Crew(self._passes)

    def __call__(self, x: Array, targets: Targets) -> float:
        """Return the mean loss of a batch; leave its gradient in the network's storage."""
        n, count = len(x), min(len(x), len(self._passes))
        shares = [slice(n * i // count, n * (i + 1) // count) for i in range(count)]

        def run_share(run: Pass, share: slice) -> float:
            return run(x[share], targets[share])

        losses = self._crew.work(run_share, shares)
        mean_loss, grad = 0.0, self._passes[0].grad
        for run, share, loss in zip(self._passes, shares, losses, strict=False):
            weight = (share.stop - share.start) / n
            mean_loss += weight * loss
            np.multiply(run.grad, weight, out=run.grad)
            if run.grad is not grad:
                np.add(grad, run.grad, out=grad)
        return mean_loss
