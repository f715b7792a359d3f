"""Training step by step, written by hand: forward, backward, update."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from layerkit.arrays import Array, Targets, Values
from layerkit.contracts.dataset import ClassTarget
from layerkit.contracts.schedule import ScheduleContext
from layerkit.engine.chains import output_context
from layerkit.engine.data_checks import check_numbers
from layerkit.engine.given_targets import encoded, read_targets
from layerkit.engine.gradient import ForwardBackward
from layerkit.engine.item_weights import ItemWeights
from layerkit.engine.network import Network
from layerkit.engine.update import ParameterUpdate
from layerkit.errors import DataError, UsageError
from layerkit.formats.in_memory import check_finite_as, scale_into


class ByHand:
    """What `Network.forward`, `Network.backward` and `Network.update` work in.

    Buffers are allocated for the first batch, and anew for one that is larger. The optimizer's
    state and the number of the step live as long as the network.

    Parameters
    ----------
    network
        Changed in place.
    """

    def __init__(self, network: Network) -> None:
        spec = network.spec
        self._network = network
        context = ScheduleContext(
            spec.optimizer.learning_rate, 1, spec.training.epochs, network.plan.figures
        )
        self._update = ParameterUpdate(network, context, self._objective)
        self._state = network.storage.state_vector
        self._step = 1
        self._capacity = 0
        self._x: Array | None = None
        self._targets: Targets | None = None

    def forward(self, inputs: Values) -> Array:
        """Run the layers forward, as in training; return their outputs as a new array."""
        if not len(inputs):
            raise DataError("inputs: expected some examples, found none")
        if len(inputs) > self._capacity:
            self._allocate(len(inputs))
        plan = self._network.plan
        x = self._buffer[: len(inputs)]
        with np.errstate(over="ignore", invalid="ignore"):
            scale_into(x, inputs, plan.info.scale)
        if not np.isfinite(x).all():
            check_numbers(plan, inputs, "inputs")
        self._x, self._targets = x, None
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            self._pass.forward(x, self._step, len(x))
        return self._pass.outputs.copy()

    def backward(self, targets: ArrayLike) -> float:
        """Return the mean loss of the last `forward`, with what layers add; leave its gradient."""
        if self._x is None or self._targets is not None:
            raise UsageError("expected network.forward(x) before network.backward(y)")
        self._targets = self._read(targets, len(self._x))
        return self._gradient(self._targets)

    def update(self, learning_rate: float | None) -> None:
        """Change the parameters by the gradient of the last `backward`, with the optimizer."""
        if self._targets is None:
            raise UsageError("expected network.backward(y) before network.update()")
        rate = (
            self._network.spec.optimizer.learning_rate if learning_rate is None else learning_rate
        )
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            self._update(rate, self._step)
        self._step += 1
        self._x = self._targets = None

    def _allocate(self, capacity: int) -> None:
        network = self._network
        self._capacity = capacity
        self._pass = ForwardBackward(network, network.storage, capacity)
        context = output_context(network.plan, capacity)
        self._weights = ItemWeights(network.spec.loss.build(context), context)
        self._buffer: Array = np.zeros(
            (capacity, *network.plan.info.input_shape), network.plan.dtype
        )

    def _read(self, targets: ArrayLike, count: int) -> Targets:
        plan = self._network.plan
        target = plan.info.target
        found = encoded(read_targets(targets, "targets"), target, "targets")
        if found.shape != (count, *target.shape):
            raise DataError(
                f"targets: expected an array of shape {(count, *target.shape)}, one for each of "
                f"the inputs, found {found.shape}"
            )
        if isinstance(target, ClassTarget):
            return found
        check_finite_as(found, plan.dtype, 1.0, "targets")
        return found.astype(plan.dtype, copy=False)

    def _gradient(self, targets: Targets) -> float:
        mask = self._pass.mask
        if mask is not None and not self._weights.takes_mask(mask):
            mask = None
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            loss = self._pass.backward(targets, self._weights.mean(targets, None, mask))
        return loss + self._pass.added_loss

    def _objective(self) -> float:
        """Compute the gradient of the batch again; layers' statistics stay as they are."""
        if self._x is None or self._targets is None:
            raise UsageError("expected network.forward(x) and network.backward(y) before an update")
        before = self._state.copy()
        self._pass.forward(self._x, self._step, len(self._x))
        loss = self._gradient(self._targets)
        np.copyto(self._state, before)
        return loss
