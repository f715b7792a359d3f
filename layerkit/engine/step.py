"""One training step: the gradient of a batch, penalties, update; no arrays are allocated."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from layerkit.contracts.layer_schedules import LayerSchedules
from layerkit.contracts.schedule import ScheduleContext
from layerkit.engine.batches import Batch
from layerkit.engine.gradient import BatchGradient
from layerkit.engine.inspection.watch import watched
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
    schedule_context
        The run, for schedules of the optimizer's own and of layers.
    workers
        Threads, each of which works on a shard of the batch; by default this one alone.
    needs_whole_gradient
        Whether a callback needs the whole gradient of every step.

    Attributes
    ----------
    update
        The second half of a step.
    layer_schedules
        The numbers of layers that change over the run.
    """

    def __init__(
        self,
        network: Network,
        capacity: int,
        schedule_context: ScheduleContext,
        workers: WorkerPool | None = None,
        *,
        needs_whole_gradient: bool = False,
    ) -> None:
        self.layer_schedules: LayerSchedules = LayerSchedules(schedule_context)
        self._gradient = BatchGradient(
            network, capacity, workers or WorkerPool(), self.layer_schedules
        )
        self.update: ParameterUpdate = ParameterUpdate(
            network,
            schedule_context,
            self._objective,
            self._gradient.added,
            needs_whole_gradient=needs_whole_gradient,
        )
        self._state = network.storage.state_vector
        self._batch: Batch | None = None
        self._number = 0
        self._is_checked = False

    def __call__(
        self,
        batch: Batch,
        learning_rate: float,
        step: int,
        gradient_ready: Callable[[float], None] | None = None,
    ) -> tuple[float, float]:
        """Train on one batch; at the first, check that all components keep their contracts.

        Parameters
        ----------
        batch
            Inputs, targets and how much each counts.
        learning_rate, step
            Of the step, whose number counts from 1.
        gradient_ready
            Called with the loss, penalties included, once the gradient is whole.

        Returns
        -------
        tuple of float
            The loss, without penalties, and the penalties, those that layers add included. If
            either is no finite number, the parameters have not changed, unless a callback looks at
            gradients or a penalty on parameters is to blame.
        """
        if not self._is_checked:
            self._is_checked = True
            with watched(self.update.checks()), self._gradient.inspected():
                return self(batch, learning_rate, step, gradient_ready)
        self._batch, self._number = batch, step
        # The engine checks the loss; warnings about the overflow before it would add nothing.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            loss = self._gradient(batch.inputs, batch.targets, batch.weights, step)
            added = self._gradient.added_loss
            if gradient_ready is None:
                if not math.isfinite(loss + added):
                    return loss, added
                return loss, added + self.update(learning_rate, step)
            return loss, added + self.update(
                learning_rate, step, lambda penalty: gradient_ready(loss + added + penalty)
            )

    def _objective(self) -> float:
        """Compute the gradient of the current batch again; layers' statistics stay as they are."""
        if self._batch is None:
            raise RuntimeError("expected a step to be under way")
        before = self._state.copy()
        batch = self._batch
        loss = self._gradient(batch.inputs, batch.targets, batch.weights, self._number)
        np.copyto(self._state, before)
        return loss + self._gradient.added_loss
