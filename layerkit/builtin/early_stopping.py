"""Early stopping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge, Gt

from layerkit.plugin import (
    Array,
    BestEpoch,
    CallbackConfig,
    ConfiguredCallback,
    EpochEnded,
    Run,
    ShapeError,
    State,
    TrainingEnded,
    TrainingStarted,
    best_epoch,
    check_reported,
)


class EarlyStoppingConfig(CallbackConfig):
    """Stop when a validation figure has not improved for some epochs.

    Attributes
    ----------
    monitor
        ``"loss"`` or another figure on the validation examples.
    patience
        Epochs without improvement before stopping, at least 1.
    min_delta
        What a figure must be better by than the best so far to count as an improvement, from 0. A
        figure that is nan is none.
    restore_best
        Whether to end with the parameters and layers' state of the best epoch rather than of the
        last, even when training comes to its regular end.

    References
    ----------
    Prechelt (1998), Early stopping - but when?
    """

    changes_parameters: ClassVar[bool] = True

    type: Literal["early_stopping"] = "early_stopping"
    monitor: str = "loss"
    patience: Annotated[int, Gt(0)] = 5
    min_delta: Annotated[float, Ge(0)] = 0.0
    restore_best: bool = True

    def check(self, figures: Mapping[str, bool], *, validates: bool) -> None:
        """Check that the figure is reported."""
        if not validates:
            raise ShapeError(
                "early_stopping expects validation examples, found none",
                hint="set data.validation, such as 0.1",
            )
        check_reported(self.monitor, figures)

    def copies(self) -> int:
        """Return the one of the best epoch, if it is to be restored."""
        return int(self.restore_best)

    def best(self, history: Sequence[EpochEnded], figures: Mapping[str, bool]) -> BestEpoch | None:
        """Return the last epoch that was an improvement."""
        return best_epoch(
            history,
            self.monitor,
            higher_is_better=figures[self.monitor],
            min_delta=self.min_delta,
            restored=self.restore_best,
        )


@dataclass
class _Watched(State):
    """The best figure so far, turned so that higher is better, and the arrays of its epoch."""

    best: float = float("-inf")
    epochs_without: int = 0
    arrays: dict[str, Array] = field(default_factory=dict[str, Array])


@final
class EarlyStopping(ConfiguredCallback[EarlyStoppingConfig]):
    """See `EarlyStoppingConfig`."""

    def __init__(self, config: EarlyStoppingConfig) -> None:
        super().__init__(config)
        self._watched = _Watched()
        self._run: Run | None = None

    def state(self) -> State:
        """Return the best figure and its arrays."""
        return self._watched

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        """Keep the run, and allocate memory for the arrays of its best epoch."""
        self._run = run
        self._watched = _Watched()
        if self.config.restore_best:
            self._watched.arrays |= {path: array.copy() for path, array in run.arrays.items()}

    def epoch_ended(self, event: EpochEnded) -> None:
        """Compare the figure with the best; stop once patience has run out."""
        run, watched = self._run, self._watched
        if run is None:
            return
        sign = 1.0 if run.figures[self.config.monitor] else -1.0
        figure = sign * event.validation[self.config.monitor]
        if figure > watched.best + self.config.min_delta:
            watched.best = figure
            watched.epochs_without = 0
            for path, array in watched.arrays.items():
                np.copyto(array, run.arrays[path])
            return
        watched.epochs_without += 1
        if watched.epochs_without >= self.config.patience:
            run.stop(f"no better {self.config.monitor} for {self.config.patience} epochs")

    def training_ended(self, event: TrainingEnded) -> None:
        """Put the best epoch's arrays back, if any epoch was better than nothing."""
        if self._run is not None and self._watched.best > float("-inf"):
            for path, array in self._watched.arrays.items():
                np.copyto(self._run.arrays[path], array)
