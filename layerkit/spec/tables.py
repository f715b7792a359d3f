"""The tables that `ModelSpec` takes in place of its sections, for type checkers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict

if TYPE_CHECKING:
    from layerkit.spec.models import EarlyStopping


class EarlyStoppingTable(TypedDict, total=False):
    """The keys of `EarlyStopping`."""

    monitor: str
    patience: int
    min_delta: float
    restore_best: bool


class TrainingTable(TypedDict, total=False):
    """The keys of `Training`."""

    epochs: int
    batch_size: int | Literal["full"]
    early_stopping: EarlyStopping | EarlyStoppingTable | None
    threads: int | Literal["auto"]
    start_from: str | Path | None


class CheckpointsTable(TypedDict, total=False):
    """The keys of `Checkpoints`."""

    every_epochs: int | None
    every_steps: int | None
    every_minutes: float | Literal["never"]
    keep: int
    best: bool
