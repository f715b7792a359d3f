"""The run directory: which files are in it, and how each is written and read."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from layerkit.arrays import Array
from layerkit.contracts.dataset import DataInfo
from layerkit.contracts.events import EpochEnded
from layerkit.errors import DataError, FileError, UsageError
from layerkit.formats.atomic import append_whole, write_atomically
from layerkit.formats.json_text import json_text
from layerkit.formats.weights import load_arrays, save_arrays
from layerkit.runs.checkpoints import CheckpointDirectory
from layerkit.runs.manifest import Json, info_of
from layerkit.spec.dumping import to_toml
from layerkit.spec.loading import load_spec
from layerkit.spec.models import ModelSpec
from layerkit.values import is_table

LOCK = ".lock"
"""The file that says that a run has the directory."""
MANIFEST = "manifest.json"
RUNS = Path("runs")
"""Where runs go by default."""


class RunDirectory:
    """The files of one run.

    ``spec.toml`` has every default written, ``manifest.json`` says what the result depends on,
    ``history.jsonl`` has a line for every epoch, ``model.safetensors`` the weights, and
    ``checkpoints`` what the run is resumed from. While a run writes, ``.lock`` is locked.

    Parameters
    ----------
    path
        The directory.

    Attributes
    ----------
    path
        The directory.
    checkpoints
        What runs are resumed from.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._spec = path / "spec.toml"
        self._manifest = path / MANIFEST
        self._history = path / "history.jsonl"
        self._weights = path / "model.safetensors"
        self.checkpoints = CheckpointDirectory(path / "checkpoints")

    @contextmanager
    def created(self) -> Generator[None]:
        """Make the directory and lock it while the context lasts; refuse one that has files in it.

        What fails before it has written anything leaves no directory behind.

        Raises
        ------
        UsageError
            If the directory holds anything, or another run has it.
        FileError
            If it cannot be made.
        """
        existed = self.path.exists()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._check_empty()
        except OSError as error:
            raise FileError(f"{self.path}: cannot be made: {error.strerror}") from error
        try:
            with self.locked():
                self._check_empty()  # another run may have been first
                yield
        finally:
            with suppress(OSError):
                if not self._names():
                    (self.path / LOCK).unlink(missing_ok=True)
                    if not existed:
                        self.path.rmdir()

    @contextmanager
    def locked(self) -> Generator[None]:
        """Lock the directory while the context lasts.

        Raises
        ------
        UsageError
            If another run has it.
        FileError
            If there is no such directory, or it cannot be written to.
        """
        lock = FileLock(self.path / LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise UsageError(
                f"{self.path}: expected a directory that no other run is writing to; wait for that "
                "run, or choose another --out"
            ) from error
        except OSError as error:
            raise FileError(f"{self.path}: cannot be written to: {error.strerror}") from error
        try:
            yield
        finally:
            lock.release()

    def is_locked(self) -> bool:
        """Tell whether a run is writing to the directory, or may be, where that cannot be told."""
        path = self.path / LOCK
        if not path.exists():
            return False
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):
            return True
        lock.release()
        return False

    def _check_empty(self) -> None:
        if self._names():
            raise UsageError(
                f"{self.path}: expected a new or empty directory for the run; choose another --out"
            )

    def _names(self) -> list[str]:
        return [path.name for path in self.path.iterdir() if path.name != LOCK]

    @property
    def has_weights(self) -> bool:
        """Whether weights have been saved."""
        return self._weights.exists()

    def write_spec(self, spec: ModelSpec) -> None:
        """Write the spec with every default."""
        write_atomically(self._spec, to_toml(spec).encode())

    def read_spec(self) -> ModelSpec:
        """Return the spec that was run."""
        return load_spec(self._spec)

    def write_manifest(self, facts: Mapping[str, Json]) -> None:
        """Write the facts of the run, in place of those that were there."""
        write_atomically(self._manifest, f"{json_text(dict(facts), indent=2)}\n".encode())

    def read_manifest(self) -> dict[str, object]:
        """Return the facts of the run.

        Raises
        ------
        FileError, DataError
            If the manifest cannot be read.
        """
        try:
            manifest: object = json.loads(self._manifest.read_text("utf-8"))
        except OSError as error:
            raise FileError(f"{self._manifest}: cannot be read: {error.strerror}") from error
        except (ValueError, RecursionError) as error:
            raise DataError(f"{self._manifest}: no valid JSON: {error}") from error
        if not is_table(manifest):
            raise DataError(f"{self._manifest}: expected an object, found other JSON")
        return manifest

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
        return _sha256(self._spec)

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
        expected = self.read_manifest().get("model_sha256")
        if expected is None:
            raise DataError(
                f"{self.path}: expected a run that saved its weights at its end, found one that "
                f"did not; 'layerkit resume {self.path}' continues from its last checkpoint"
            )
        if expected != _sha256(self._weights):
            raise DataError(
                f"{self._weights}: expected what the checksum in the manifest says; the file is "
                "damaged or another's"
            )
        load_arrays(self._weights, into)


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


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}") from error


def _history_line(epoch: EpochEnded) -> str:
    return f"{json_text(asdict(epoch))}\n"
