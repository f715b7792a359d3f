"""What a run directory says of how its run went, read without any plugin of the run."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from layerkit.errors import DataError, FileError
from layerkit.runs.directory import RunDirectory
from layerkit.runs.manifest import Json

_SHORT = {
    "DivergedError": "diverged",
    "Interrupted": "interrupted",
    "Terminated": "terminated",
    "finished": "finished",
    "paused": "paused",
    "running": "running",
}
"""What statuses in manifests are called in a word; every other one is that of an error."""


class _Best(BaseModel):
    epoch: int
    monitor: str
    validation: dict[str, float]


class _Manifest(BaseModel):
    status: str
    started: str
    seed: int
    seconds: float | None = None
    best: _Best | None = None
    test: dict[str, float] = {}


class _Epoch(BaseModel):
    epoch: int
    validation: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class RunResults:
    """A run and how it went.

    Attributes
    ----------
    directory
        Of the run.
    status
        In a word: finished, running, paused, interrupted, terminated, killed, diverged or failed.
    reason
        The whole of what the manifest says of its end.
    started
        When, in UTC, as ISO 8601 writes it.
    seed
        Of the spec.
    seconds
        How long it took; None if it has not ended.
    epochs
        How many are in its history.
    best_epoch, best_by
        The best one and the validation figure that says so: for a run that has not finished, the
        loss. None and empty without validation examples.
    validation, test
        Figures of the best epoch on the validation examples, and of the end on the test examples;
        empty without such examples.
    spec
        The spec as a table.
    manifest
        All of the manifest.
    """

    directory: Path
    status: str
    reason: str
    started: str
    seed: int
    seconds: float | None
    epochs: int
    best_epoch: int | None
    best_by: str
    validation: dict[str, float]
    test: dict[str, float]
    spec: dict[str, object]
    manifest: dict[str, object]

    @classmethod
    def read(cls, directory: Path) -> RunResults:
        """Return the results of a run.

        Raises
        ------
        FileError, DataError
            If the directory is none of a run, or its files cannot be read.
        """
        files = RunDirectory(directory)
        manifest = files.read_manifest()
        try:
            found = _Manifest.model_validate(manifest)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(map(str, first["loc"]))
            reason = f"'{key}': {first['msg'][:1].lower()}{first['msg'][1:]}"
            raise DataError(
                f"{directory}: expected the manifest of a run, found {reason}"
            ) from None
        epochs = _history(directory)
        best = found.best or _lowest_loss(epochs)
        status = _SHORT.get(found.status.partition(":")[0], "failed")
        if status == "running" and not files.is_locked():
            status = "killed"
        return cls(
            directory,
            status,
            found.status,
            found.started,
            found.seed,
            found.seconds,
            len(epochs),
            None if best is None else best.epoch,
            "" if best is None else best.monitor,
            {} if best is None else best.validation,
            found.test,
            _spec(directory),
            manifest,
        )

    def facts(self) -> dict[str, Json]:
        """Return what there is to know but for spec and manifest, for JSON."""
        return {
            "directory": str(self.directory),
            "status": self.status,
            "reason": self.reason,
            "started": self.started,
            "seed": self.seed,
            "seconds": self.seconds,
            "epochs": self.epochs,
            "best_epoch": self.best_epoch,
            "best_by": self.best_by,
            "validation": {**self.validation},
            "test": {**self.test},
        }


def _history(directory: Path) -> list[_Epoch]:
    """Return every epoch of a run; the last line may be half written by one that goes on."""
    path = directory / "history.jsonl"
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}") from error
    whole = [line for line in lines if line.endswith(b"\n")]
    try:
        return [_Epoch.model_validate_json(line) for line in whole]
    except ValidationError as error:
        raise DataError(
            f"{path}: expected an epoch in every line: {error.errors()[0]['msg']}"
        ) from None


def _lowest_loss(epochs: list[_Epoch]) -> _Best | None:
    """Return the epoch of the lowest validation loss, the first of equal ones."""
    best: tuple[float, _Epoch] | None = None
    for epoch in epochs:
        loss = epoch.validation.get("loss")
        if loss is not None and (best is None or loss < best[0]):
            best = loss, epoch
    if best is None:
        return None
    known = {name: value for name, value in best[1].validation.items() if value is not None}
    return _Best(epoch=best[1].epoch, monitor="loss", validation=known)


def _spec(directory: Path) -> dict[str, object]:
    path = directory / "spec.toml"
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise DataError(f"{path}: no valid TOML: {error}") from error
