"""The training loop: epochs of steps, validation, early stopping, events."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from layerkit.contracts.callback import (
    Callback,
    CallbackConfig,
    EpochEnded,
    StepEnded,
    TrainingEnded,
    TrainingStarted,
)
from layerkit.contracts.dataset import Splits
from layerkit.contracts.schedule import ScheduleContext
from layerkit.engine.batches import BatchLoader, in_batches, shuffled
from layerkit.engine.data import split_rows
from layerkit.engine.early_stopping import Watch
from layerkit.engine.evaluation import Evaluator
from layerkit.engine.network import Network
from layerkit.engine.step import TrainingStep
from layerkit.engine.workers import WorkerPool
from layerkit.errors import DataError, DivergedError


@dataclass(frozen=True, slots=True)
class History:
    """How training went: every epoch, and whether early stopping ended it."""

    epochs: tuple[EpochEnded, ...]
    stopped_early: bool


class Trainer:
    """Trains a network on some data, as its spec says.

    Parameters
    ----------
    network
        Changed in place.
    splits
        The data.
    callbacks
        Told of every event, after those of the spec.
    workers
        Threads, each of which works on a shard of a batch; by default this one alone.

    Raises
    ------
    DataError
        If there are too few training examples for the validation split or for one batch.
    """

    def __init__(
        self,
        network: Network,
        splits: Splits,
        callbacks: Sequence[Callback[CallbackConfig]] = (),
        workers: WorkerPool | None = None,
    ) -> None:
        spec, dtype = network.spec, network.plan.dtype
        self._network = network
        self._rows, validation = split_rows(spec, len(splits.train))
        batch_size = spec.training.batch_size
        self._batch_size = len(self._rows) if batch_size == "full" else batch_size
        if not 0 < self._batch_size <= len(self._rows):
            raise DataError(
                f"expected at least one batch of {batch_size} training examples, found "
                f"{len(splits.train)}, of which {len(validation)} are set aside for validation"
            )
        self._steps_per_epoch = -(-len(self._rows) // self._batch_size)
        self._loader = BatchLoader(splits.train, self._batch_size, dtype)
        self._step = TrainingStep(network, self._batch_size, workers)
        self._evaluator = (
            Evaluator(network, splits.train, validation, workers) if len(validation) else None
        )
        optimizer, epochs = spec.optimizer, spec.training.epochs
        self._schedule = optimizer.schedule.build(
            ScheduleContext(optimizer.learning_rate, self._steps_per_epoch, epochs),
        )
        self._callbacks = [
            *(each.build() for each in spec.callbacks),
            *callbacks,
        ]

    def train(self) -> History:
        """Train until the last epoch, or until early stopping says so.

        Raises
        ------
        DivergedError
            If the loss is no finite number.
        """
        training = self._network.spec.training
        for callback in self._callbacks:
            callback.training_started(
                TrainingStarted(training.epochs, self._steps_per_epoch, len(self._rows))
            )
        watch = None
        if training.early_stopping is not None:
            watch = Watch(self._network.spec, training.early_stopping, self._network.storage)
        history: list[EpochEnded] = []
        stopped = False
        while len(history) < training.epochs and not stopped:
            epoch = self._epoch(len(history) + 1)
            history.append(epoch)
            for callback in self._callbacks:
                callback.epoch_ended(epoch)
            stopped = watch is not None and watch.should_stop(epoch.validation)
        if watch is not None:
            watch.restore_best()
        stopped_early = len(history) < training.epochs
        for callback in self._callbacks:
            callback.training_ended(
                TrainingEnded(len(history), len(history) * self._steps_per_epoch, stopped_early)
            )
        return History(tuple(history), stopped_early)

    def _epoch(self, epoch: int) -> EpochEnded:
        """Train on every training example once, then validate."""
        start = time.perf_counter()
        total_loss = total_penalty = learning_rate = 0.0
        count = (epoch - 1) * self._steps_per_epoch
        order = shuffled(self._rows, self._network.spec.seed, epoch)
        for rows in in_batches(order, self._batch_size):
            learning_rate = self._schedule(count)
            count += 1
            x, targets = self._loader.load(rows)
            loss, penalty = self._step(x, targets, learning_rate, count)
            if not math.isfinite(loss + penalty):
                raise DivergedError(
                    f"training diverged: the loss is {loss + penalty} at step {count} (epoch "
                    f"{epoch}), at a learning rate of {learning_rate:g}; lower "
                    "optimizer.learning_rate"
                )
            total_loss += loss * len(rows)
            total_penalty += penalty * len(rows)
            for callback in self._callbacks:
                callback.step_ended(StepEnded(count, epoch, loss + penalty, learning_rate))
        trained = time.perf_counter()
        validation = self._evaluator.evaluate() if self._evaluator is not None else {}
        return EpochEnded(
            epoch=epoch,
            step=count,
            learning_rate=learning_rate,
            train={
                "loss": (total_loss + total_penalty) / len(order),
                "penalty": total_penalty / len(order),
            },
            validation=validation,
            seconds=time.perf_counter() - start,
            examples_per_second=len(order) / (trained - start),
        )
