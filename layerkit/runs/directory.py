"""The run directory: which files are in it, and how each is written and read."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Self

from layerkit.arrays import Array
from layerkit.contracts.dataset import DataInfo
from layerkit.contracts.events import EpochEnded
from layerkit.errors import DataError, FileError, UsageError
from layerkit.formats.atomic import write_atomically
from layerkit.formats.weights import load_arrays, save_arrays
from layerkit.runs.manifest import Json, finite_facts, info_of
from layerkit.spec.dumping import to_toml
from layerkit.spec.loading import load_spec
from layerkit.spec.models import ModelSpec

RUNS = Path("runs")
"""Where runs go by default."""


class RunDirectory:
    """The files of one run.

    ``spec.toml`` has every default written, ``manifest.json`` says what the result depends on,
    ``history.jsonl`` has a line for every epoch, and ``model.safetensors`` the weights.

    Parameters
    ----------
    path
        The directory.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._spec = path / "spec.toml"
        self._manifest = path / "manifest.json"
        self._history = path / "history.jsonl"
        self._weights = path / "model.safetensors"

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make a directory to write to; refuse one that has files in it.

        Raises
        ------
        UsageError
            If the directory holds anything.
        FileError
            If it cannot be made.
        """
        try:
            path.mkdir(parents=True, exist_ok=True)
            if any(path.iterdir()):
                raise UsageError(
                    f"{path}: expected a new or empty directory for the run; choose another --out"
                )
        except OSError as error:
            raise FileError(f"{path}: cannot be made: {error.strerror}") from error
        return cls(path)

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
        write_atomically(
            self._manifest, (json.dumps(finite_facts(dict(facts)), indent=2) + "\n").encode()
        )

    def read_info(self) -> DataInfo:
        """Return what is known of the data that the run was trained on.

        Raises
        ------
        FileError, DataError
            If the manifest cannot be read, or does not say.
        """
        try:
            manifest: object = json.loads(self._manifest.read_text("utf-8"))
        except OSError as error:
            raise FileError(f"{self._manifest}: cannot be read: {error.strerror}") from error
        except ValueError as error:
            raise DataError(f"{self._manifest}: no valid JSON: {error}") from error
        return info_of(manifest, str(self._manifest))

    def start_history(self) -> None:
        """Write an empty history."""
        write_atomically(self._history, b"")

    def append_history(self, epoch: EpochEnded) -> None:
        """Add the line of an epoch."""
        with self._history.open("a", encoding="utf-8") as file:
            file.write(json.dumps(finite_facts(asdict(epoch))) + "\n")

    def save_weights(self, arrays: Mapping[str, Array]) -> str:
        """Write arrays by name; return the SHA-256 of the file, the same for the same arrays."""
        return hashlib.sha256(save_arrays(self._weights, arrays)).hexdigest()

    def load_weights(self, into: Mapping[str, Array]) -> None:
        """Read arrays by name into existing memory; see `load_arrays`."""
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
