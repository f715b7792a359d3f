"""One training step: the gradient of a batch, penalties, update; nothing is allocated."""

from __future__ import annotations

from layerkit.arrays import Array, Targets
from layerkit.engine.gradient import ForwardBackward, ShardedForwardBackward
from layerkit.engine.network import Network
from layerkit.engine.update import ParameterUpdate
from layerkit.engine.workers import WorkerPool


class TrainingStep:
    """Changes a network by one batch at a time.

    Parameters
    ----------
    network
        Changed in place.
    capacity
        The most examples that a batch will have.
    workers
        Threads, each of which works on a shard of the batch; by default this one alone.
    """

    def __init__(self, network: Network, capacity: int, workers: WorkerPool | None = None) -> None:
        self._gradient: ForwardBackward | ShardedForwardBackward
        if workers is None or len(workers) == 1:
            self._gradient = ForwardBackward(network, network.storage, capacity)
            self._update = ParameterUpdate(network)
        else:
            self._gradient = ShardedForwardBackward(network, capacity, workers)
            self._update = ParameterUpdate(network, self._gradient.added)

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
        return loss, self._update(learning_rate, count)
