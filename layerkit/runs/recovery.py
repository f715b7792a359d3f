"""What a run that was killed, or a disk that failed, left in a run directory, before it goes on."""

from __future__ import annotations

import warnings
from contextlib import suppress
from pathlib import Path

from layerkit.engine.checkpoint import read_state
from layerkit.errors import DataError, FileError, LayerkitWarning
from layerkit.formats.atomic import PARTIAL, sync_directory
from layerkit.runs.directory import RunDirectory

DAMAGED = ".damaged"
"""What the name of a checkpoint ends with that was found damaged."""


def recover(files: RunDirectory) -> Path:
    """Remove files that were never finished; return the newest checkpoint that is whole.

    A damaged one that is newer gets another name and is warned of. Where none is whole, all stay.
    Only who has the directory locked may call this.

    Raises
    ------
    UsageError
        If there is no checkpoint.
    FileError, DataError
        If none can be read; of the newest.
    """
    _remove_unfinished(files)
    refused: list[tuple[Path, DataError | FileError]] = []
    files.checkpoints.last()
    for step, path in files.checkpoints.steps():
        try:
            read_state(path)
        except (DataError, FileError) as error:
            refused.append((path, error))
            continue
        for damaged, problem in refused:
            warnings.warn(
                f"{problem}; the run goes on from the checkpoint before it, after step {step}; "
                f"renamed to {damaged.name}{DAMAGED}",
                LayerkitWarning,
                stacklevel=2,
            )
            _set_aside(damaged)
        return path
    raise refused[0][1]


def _set_aside(path: Path) -> None:
    try:
        path.replace(path.with_name(f"{path.name}{DAMAGED}"))
        sync_directory(path.parent)
    except OSError as error:
        raise FileError(f"{path}: cannot be renamed: {error.strerror}") from error


def _remove_unfinished(files: RunDirectory) -> None:
    for directory in (files.path, files.checkpoints.path):
        with suppress(OSError):  # they only take room
            for path in directory.glob(f"*{PARTIAL}"):
                path.unlink()
