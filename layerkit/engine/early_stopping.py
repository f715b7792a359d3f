"""Early stopping: watch a validation figure, keep the parameters of its best epoch."""

from __future__ import annotations

from collections.abc import Mapping

from layerkit.engine.storage import Storage
from layerkit.spec.models import EarlyStopping, ModelSpec


class Watch:
    """Watches one validation figure over the epochs.

    Parameters
    ----------
    spec
        Whose ``training.early_stopping`` says what to watch and for how long.
    storage
        The network's numbers, kept from the best epoch if the spec says so.
    """

    def __init__(self, spec: ModelSpec, stopping: EarlyStopping, storage: Storage) -> None:
        higher_is_better = {
            metric.type_name(): metric.higher_is_better for metric in spec.metrics
        }.get(stopping.monitor, False)
        self._sign = 1.0 if higher_is_better else -1.0
        self._stopping = stopping
        self._storage = storage
        self._best = float("-inf")
        self._best_arrays = storage.copy() if stopping.restore_best else None
        self._epochs_without = 0

    def should_stop(self, validation: Mapping[str, float]) -> bool:
        """Take in the figures of one more epoch; tell whether patience has run out."""
        figure = self._sign * validation[self._stopping.monitor]
        if figure > self._best + self._stopping.min_delta:
            self._best = figure
            self._epochs_without = 0
            if self._best_arrays is not None:
                self._best_arrays = self._storage.copy()
            return False
        self._epochs_without += 1
        return self._epochs_without >= self._stopping.patience

    def restore_best(self) -> None:
        """Put the best epoch's numbers back, if the spec asks for them."""
        if self._best_arrays is not None:
            self._storage.restore(self._best_arrays)
