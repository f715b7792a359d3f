"""The training loop: epochs of steps, validation, events, and what is saved of them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from layerkit.contracts.callback import Callback
from layerkit.contracts.dataset import Splits
from layerkit.contracts.events import (
    EpochEnded,
    EpochStarted,
    GradientReady,
    StepEnded,
    TrainingEnded,
    TrainingStarted,
    ValidationStarted,
)
from layerkit.contracts.schedule import ScheduleContext
from layerkit.engine.batches import BatchLoader, in_batches, shuffled
from layerkit.engine.checkpoint import (
    Progress,
    TrainingState,
    read_state,
    training_state,
    write_state,
)
from layerkit.engine.data import check_batch, split
from layerkit.engine.divergence import (
    check_figures,
    check_parameters,
    diverged,
    learning_rate_of,
)
from layerkit.engine.evaluation import Evaluation, Evaluator
from layerkit.engine.network import Network
from layerkit.engine.states import callback_states, component_states, schedule_states, schedules_of
from layerkit.engine.step import TrainingStep
from layerkit.engine.training_run import TrainingRun
from layerkit.engine.workers import WorkerPool
from layerkit.errors import UsageError
from layerkit.state import State


@dataclass(frozen=True, slots=True)
class History:
    """How training went.

    Attributes
    ----------
    epochs
        Every epoch.
    stopped_early
        Whether a callback ended it.
    paused
        Whether a callback ended it to be resumed later.
    """

    epochs: tuple[EpochEnded, ...]
    stopped_early: bool
    paused: bool = False


class Trainer:
    """Trains a network on some data, as its spec says.

    Parameters
    ----------
    network
        Changed in place.
    splits
        The data.
    callbacks
        Called at every event, after those of the spec.
    workers
        Threads, each of which works on a shard of a batch; by default this one alone.
    directory
        The run directory, if there is one; callbacks may write to it.
    last
        Returns where to save the run once its last epoch has ended, with that many steps, before
        callbacks do what they do at the end; a longer run can be resumed from there.

    Raises
    ------
    DataError
        If there are too few training examples for what is set aside and one batch.
    """

    def __init__(
        self,
        network: Network,
        splits: Splits,
        callbacks: Sequence[Callback] = (),
        workers: WorkerPool | None = None,
        directory: Path | None = None,
        last: Callable[[int], Path] | None = None,
    ) -> None:
        spec, plan = network.spec, network.plan
        self._last = last
        self._network = network
        self._train, self._validation, _ = split(plan, splits)
        check_batch(plan, self._train)
        batch_size = spec.training.batch_size
        self._batch_size = len(self._train) if batch_size == "full" else batch_size
        self._steps_per_epoch = -(-len(self._train) // self._batch_size)
        self._loader = BatchLoader(
            self._train.examples, self._batch_size, plan.dtype, plan.info.scale
        )
        self._callbacks: list[Callback] = [each.build() for each in plan.callbacks]
        self._callbacks += [_checked(each) for each in callbacks]
        self._looks = [each for each in self._callbacks if _looks_at_gradients(each)]
        optimizer, epochs = spec.optimizer, spec.training.epochs
        context = ScheduleContext(
            optimizer.learning_rate, self._steps_per_epoch, epochs, plan.figures
        )
        self._schedule = optimizer.schedule.build(context)
        self._step = TrainingStep(
            network, self._batch_size, context, workers, needs_whole_gradient=bool(self._looks)
        )
        self._evaluator = (
            Evaluator(network, self._validation, workers) if len(self._validation) else None
        )
        self._progress = Progress()
        self._history: list[EpochEnded] = []
        self._resumed: TrainingState | None = None
        self._run = TrainingRun(network, self._train, self._progress, directory)
        self._facts: dict[str, int | str] = {
            "seed": spec.seed,
            "dtype": spec.dtype,
            "batch size": self._batch_size,
            "training examples": len(self._train),
        }

    def resume(self, path: Path) -> None:
        """Resume from a saved state, once `train` is called.

        Raises
        ------
        FileError, DataError
            If it cannot be read, or is damaged. Whether it belongs to this network, `train` checks.
        """
        self._resumed = read_state(path)

    def train(self) -> History:
        """Train until the last epoch, or until a callback ends it.

        Raises
        ------
        DivergedError
            If a loss, a parameter or a validation figure is no finite number.
        DataError
            If what was saved belongs to another network, run or set of callbacks.
        """
        progress, epochs = self._progress, self._network.spec.training.epochs
        resumed = self._resumed
        if resumed is None:
            self._run.adapt()
        else:
            slots = self._step.update.slots
            resumed.restore(self._network.storage, slots, self._states(), self._facts)
            self._history = [*resumed.history]
        started = TrainingStarted(epochs, self._steps_per_epoch, len(self._train))
        for callback in self._callbacks:
            callback.training_started(started, self._run)
        if resumed is not None:
            resumed.restore_callbacks(callback_states(self._callbacks))
        self._write_pending()
        while progress.epochs < epochs and not self._ends_here:
            self._epoch(progress.epochs + 1)
        paused = self._run.paused and progress.epochs < epochs and not self._stops_here
        if self._last is not None and not paused:
            self._run.save(self._last(progress.step))
            self._write_pending()
        stopped_early = len(self._history) < epochs
        reason = "paused" if paused else progress.stop_reason if stopped_early else ""
        ended = TrainingEnded(len(self._history), progress.step, stopped_early, reason)
        for callback in self._callbacks:
            callback.training_ended(ended)
        self._write_pending()
        return History(tuple(self._history), stopped_early and not paused, paused)

    @property
    def _ends_here(self) -> bool:
        return self._run.paused or self._stops_here

    @property
    def _stops_here(self) -> bool:
        """Whether a callback ended training, and no epoch is left that only lacks validation."""
        progress = self._progress
        is_trained = progress.step == (progress.epochs + 1) * self._steps_per_epoch
        return bool(progress.stop_reason) and not is_trained

    def _epoch(self, epoch: int) -> None:
        """Train on what is left of the training examples in this epoch, then validate."""
        start, progress = time.perf_counter(), self._progress
        if progress.started < epoch:
            progress.started = epoch
            for callback in self._callbacks:
                callback.epoch_started(EpochStarted(epoch))
            self._write_pending()
        order = shuffled(self._train.rows, self._network.spec.seed, epoch)
        done = progress.step - (epoch - 1) * self._steps_per_epoch
        left = order[done * self._batch_size :]
        for batch in self._loader.batches(in_batches(left, self._batch_size)):
            if progress.stop_reason or self._run.paused:
                return
            learning_rate = learning_rate_of(self._schedule, progress.step)
            step = progress.step + 1
            looked = partial(self._gradient_ready, step, epoch) if self._looks else None
            loss, penalty = self._step(batch, learning_rate, step, looked)
            if not math.isfinite(loss + penalty):
                raise diverged(
                    self._network, batch.inputs, loss + penalty, step, epoch, learning_rate
                )
            progress.step = step
            progress.learning_rate = learning_rate
            weight = batch.total_weight()
            progress.weight += weight
            progress.loss += loss * weight
            progress.penalty += penalty * len(batch.inputs)
            event = StepEnded(step, epoch, loss + penalty, learning_rate)
            for callback in self._callbacks:
                callback.step_ended(event)
            self._write_pending()
        if not self._run.paused:
            self._end_epoch(epoch, start, len(left))

    def _end_epoch(self, epoch: int, start: float, trained: int) -> None:
        """Validate, and pass the results of the epoch to schedules and callbacks."""
        progress, until = self._progress, time.perf_counter()
        if not progress.validating:
            progress.validating = True
            check_parameters(self._network, progress.step, epoch)
            for callback in self._callbacks:
                callback.validation_started(ValidationStarted(epoch, progress.step))
            self._write_pending()
        evaluation = Evaluation() if self._evaluator is None else self._evaluator.evaluate()
        after = f"after step {progress.step} (epoch {epoch})"
        check_figures(evaluation.figures, "validation", after, self._network, self._validation)
        penalty = progress.penalty / len(self._train)
        loss = progress.loss / progress.weight if progress.weight else 0.0
        event = EpochEnded(
            epoch=epoch,
            step=progress.step,
            learning_rate=progress.learning_rate,
            train={"loss": loss + penalty, "penalty": penalty},
            validation=evaluation.figures,
            seconds=time.perf_counter() - start,
            examples_per_second=trained / max(until - start, 1e-9),
        )
        self._history.append(event)
        for callback in self._callbacks:
            callback.epoch_ended(event)
        own = schedules_of(self._step.update.optimizer)
        of_layers = self._step.layer_schedules.schedules.values()
        for schedule in (self._schedule, *own, *of_layers):
            schedule.observe(event)
        progress.epochs = epoch
        progress.validating = False
        progress.loss = progress.penalty = progress.weight = 0.0
        self._write_pending()

    def _gradient_ready(self, step: int, epoch: int, loss: float) -> None:
        event = GradientReady(step, epoch, loss)
        for callback in self._looks:
            callback.gradient_ready(event)

    def _write_pending(self) -> None:
        while self._run.to_save:
            write_state(self._run.to_save.pop(0), self._state())

    def _state(self) -> TrainingState:
        states = self._states() | callback_states(self._callbacks)
        slots = self._step.update.slots
        return training_state(self._network.storage, slots, states, self._history, self._facts)

    def _states(self) -> dict[str, State]:
        """Return the states of the engine and of every component but callbacks, by name."""
        of_layers = schedule_states(self._step.layer_schedules.schedules)
        own = {"progress": self._progress} | component_states(self._schedule, self._step.update)
        return own | of_layers


def _checked(callback: object) -> Callback:
    """Return a callback that was given from Python, if it is one."""
    if isinstance(callback, Callback):
        return callback
    found = callback.__name__ if isinstance(callback, type) else type(callback).__name__
    raise UsageError(f"expected an instance of a class derived from Callback, found {found}")


def _looks_at_gradients(callback: Callback) -> bool:
    return type(callback).gradient_ready is not Callback.gradient_ready
