"""The run directory: which files are in it, and how each is written and read."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from layerkit.arrays import Array
from layerkit.contracts.dataset import DataInfo
from layerkit.contracts.events import EpochEnded
from layerkit.contracts.figures import BestEpoch
from layerkit.errors import DataError, FileError, UsageError
from layerkit.formats.atomic import append_whole, sync_file, write_atomically
from layerkit.formats.checked_json import with_checksum
from layerkit.formats.json_text import json_text
from layerkit.formats.run_files import MANIFEST, WEIGHTS, file_sha256, read_manifest, read_weights
from layerkit.formats.weights import copy_arrays, read_checked, save_arrays, save_checked
from layerkit.registry import installed
from layerkit.runs.checkpoints import CheckpointDirectory
from layerkit.runs.locks import created, is_locked, locked
from layerkit.runs.manifest import Json, info_of
from layerkit.spec.dumping import to_toml
from layerkit.spec.loading import load_spec
from layerkit.spec.models import ModelSpec
from layerkit.values import is_table

RUNS = Path("runs")
"""Where runs go by default."""


class RunDirectory:
    """The files of one run.

    ``spec.toml`` has every default written, ``manifest.json`` says what the result depends on,
    ``history.jsonl`` has a line for every epoch, ``model.safetensors`` the weights,
    ``best.safetensors`` those of the best epoch, and ``checkpoints`` what the run is resumed from.
    While a run writes, ``.lock`` is locked.

    Parameters
    ----------
    path
        The directory.

    Attributes
    ----------
    path
        The directory.
    best
        The file of the best epoch's weights.
    checkpoints
        What runs are resumed from.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._spec = path / "spec.toml"
        self._manifest = path / MANIFEST
        self._history = path / "history.jsonl"
        self._weights = path / WEIGHTS
        self.best: Path = path / "best.safetensors"
        self.checkpoints: CheckpointDirectory = CheckpointDirectory(path / "checkpoints")

    def created(self) -> AbstractContextManager[None]:
        """Make the directory and lock it while the context lasts; see `created`."""
        return created(self.path)

    def locked(self) -> AbstractContextManager[None]:
        """Lock the directory while the context lasts; see `locked`."""
        return locked(self.path)

    def is_locked(self) -> bool:
        """Tell whether a run is writing to the directory, or may be; see `is_locked`."""
        return is_locked(self.path)

    @property
    def has_weights(self) -> bool:
        """Whether weights have been saved."""
        return self._weights.exists()

    @property
    def has_begun(self) -> bool:
        """Whether a run got so far that it may be resumed, or left anything of worth."""
        texts = (self._spec, self._manifest)
        return all(path.exists() for path in texts) or bool(self.checkpoints.steps())

    def write_spec(self, spec: ModelSpec) -> None:
        """Write the spec with every default."""
        write_atomically(self._spec, _spec_text(spec))

    def read_spec(self) -> ModelSpec:
        """Return the spec that was run.

        A name that several plugins offer by now means what the run used.
        """
        used: object = None
        with suppress(FileError, DataError):  # what is wrong with the manifest is told elsewhere
            used = self.read_manifest().get("distributions")
        registry = installed().preferring(used) if is_table(used) else None
        return load_spec(self._spec, registry=registry)

    def write_manifest(self, facts: Mapping[str, Json]) -> None:
        """Write the facts of the run, in place of those that were there."""
        write_atomically(self._manifest, with_checksum(facts))

    def read_manifest(self) -> dict[str, object]:
        """Return the facts of the run.

        Raises
        ------
        FileError, DataError
            If the manifest cannot be read, or was changed.
        """
        return read_manifest(self.path)

    def read_info(self) -> DataInfo:
        """Return what is known of the data that the run was trained on.

        Raises
        ------
        FileError, DataError
            If the manifest cannot be read, or does not say.
        """
        return info_of(self.read_manifest(), str(self._manifest))

    def spec_sha256(self) -> str:
        """Return the SHA-256 of the spec's file."""
        return file_sha256(self._spec)

    def sync_history(self) -> None:
        """Let the history, if there is one, reach the disk; added lines do not wait for that.

        Raises
        ------
        FileError
            If it cannot.
        """
        if not self._history.exists():
            return
        try:
            sync_file(self._history)
        except OSError as error:
            raise FileError(f"{self._history}: cannot write: {error.strerror}") from error

    def write_history(self, epochs: Sequence[EpochEnded]) -> None:
        """Write the lines of some epochs, in place of those that were there."""
        lines = [_history_line(epoch) for epoch in epochs]
        write_atomically(self._history, "".join(lines).encode())

    def append_history(self, epoch: EpochEnded) -> None:
        """Add the line of an epoch, whole or not at all.

        Raises
        ------
        FileError
            If it cannot be written.
        """
        try:
            append_whole(self._history, _history_line(epoch).encode())
        except OSError as error:
            raise FileError(f"{self._history}: cannot write: {error.strerror}") from error

    def save_weights(self, arrays: Mapping[str, Array]) -> str:
        """Write arrays by name; return the SHA-256 of the file, the same for the same arrays."""
        return hashlib.sha256(save_arrays(self._weights, arrays)).hexdigest()

    def load_weights(self, into: Mapping[str, Array]) -> None:
        """Read arrays by name into existing memory; see `load_arrays`.

        Raises
        ------
        FileError, DataError
            If they cannot be read, or are not those that the manifest speaks of.
        """
        if self.read_manifest().get("spec_sha256") != self.spec_sha256():
            raise DataError(
                f"{self._spec}: expected the spec that the weights were trained with, found it "
                "changed or damaged; put it back"
            )
        copy_arrays(read_weights(self.path)[0], into, self._weights)

    @property
    def has_best(self) -> bool:
        """Whether weights of a best epoch have been saved."""
        return self.best.exists()

    def save_best(self, arrays: Mapping[str, Array], best: BestEpoch) -> None:
        """Write the weights of the best epoch so far, and what is known of it.

        Raises
        ------
        FileError
            If they cannot be written.
        """
        save_checked(self.best, arrays, json_text(asdict(best)))

    def read_best(self) -> tuple[dict[str, Array], int]:
        """Return the weights of the best epoch, and its number.

        Raises
        ------
        UsageError
            If the run kept none.
        FileError, DataError
            If they cannot be read, or are of another epoch than the manifest says.
        """
        if not self.has_best:
            raise UsageError(
                f"{self.path}: expected a run that kept the weights of its best epoch, found one "
                "that did not: no epoch was over, there were no validation examples, or its spec "
                "has checkpoints.best = false"
            )
        arrays, note = read_checked(self.best, "the weights of a best epoch")
        epoch = _epoch_in(json.loads(note))
        found = _epoch_in(self.read_manifest().get("best"))
        if epoch is None or found not in {None, epoch}:
            raise DataError(
                f"{self.best}: expected the weights of epoch {found}, which the manifest says is "
                f"the best, found those of epoch {epoch}"
            )
        return arrays, epoch

    def load_best(self, into: Mapping[str, Array]) -> None:
        """Read the weights of the best epoch into existing memory; raises what `read_best` does."""
        copy_arrays(self.read_best()[0], into, self.best)


def new_run_directory(stem: str) -> Path:
    """Make ``runs/<stem>-<date>-<time>`` in the current directory, with a number if it is taken.

    Raises
    ------
    FileError
        If it cannot be made.
    """
    name = f"{stem}-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    for number in itertools.count(1):
        directory = RUNS / (name if number == 1 else f"{name}-{number}")
        try:
            directory.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise FileError(f"{directory}: cannot be made: {error.strerror}") from error
        return directory
    raise AssertionError


def _epoch_in(facts: object) -> int | None:
    epoch = facts.get("epoch") if is_table(facts) else None
    return epoch if isinstance(epoch, int) else None


def spec_digest(spec: ModelSpec) -> str:
    """Return the SHA-256 of the file that `RunDirectory.write_spec` writes."""
    return hashlib.sha256(_spec_text(spec)).hexdigest()


def _spec_text(spec: ModelSpec) -> bytes:
    return to_toml(spec).encode()


def _history_line(epoch: EpochEnded) -> str:
    return f"{json_text(asdict(epoch))}\n"
