"""What can be checked of the files of a run without running anything."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from layerkit.engine.checkpoint import read_state
from layerkit.errors import DataError, FileError, LayerkitError
from layerkit.formats.run_files import MANIFEST, WEIGHTS, check_weights
from layerkit.runs.directory import RunDirectory
from layerkit.values import is_table

HISTORY = "history.jsonl"
SPEC = "spec.toml"


@dataclass(frozen=True, slots=True)
class Checked:
    """A file of a run that was checked.

    Attributes
    ----------
    name
        Within the run directory.
    error
        What is wrong with it; None if nothing is.
    """

    name: str
    error: LayerkitError | None


def check_files(directory: RunDirectory) -> Iterator[Checked]:
    """Yield what is found of every file of a run.

    The manifest can be read; spec and weights have the checksums that it says; the history has the
    epochs that it says; the weights of the best epoch and the checkpoints have checksums of their
    own.

    Raises
    ------
    FileError, DataError
        If there is no manifest to go by.
    """
    manifest = directory.read_manifest()
    yield Checked(MANIFEST, None)
    checks: dict[str, Callable[[], object]] = {
        SPEC: partial(_check_spec, directory, manifest),
        HISTORY: partial(_check_history, directory, manifest),
    }
    if "model_sha256" in manifest or directory.has_weights or manifest.get("status") == "finished":
        checks[WEIGHTS] = partial(check_weights, directory.path)
    if directory.has_best:
        checks[directory.best.name] = directory.read_best
    for _, path in directory.checkpoints.steps():
        checks[f"checkpoints/{path.name}"] = partial(read_state, path)
    for name, check in checks.items():
        try:
            check()
        except LayerkitError as error:
            yield Checked(name, error)
        else:
            yield Checked(name, None)


def _check_spec(directory: RunDirectory, manifest: dict[str, object]) -> None:
    if directory.spec_sha256() != manifest.get("spec_sha256"):
        raise DataError(
            f"{directory.path / SPEC}: expected the spec that the run was started with, found it "
            "changed"
        )
    directory.read_spec()


def _check_history(directory: RunDirectory, manifest: dict[str, object]) -> None:
    path = directory.path / HISTORY
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: expected UTF-8 text: {error}") from error
    for number, line in enumerate(lines, 1):
        try:
            epoch: object = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise DataError(f"{path}:{number}: no valid JSON: {error}") from error
        found = epoch.get("epoch") if is_table(epoch) else None
        if found != number:
            raise DataError(f"{path}:{number}: expected epoch {number}, found {found}")
    expected = manifest.get("epochs")
    if expected is not None and expected != len(lines):
        raise DataError(f"{path}: expected {expected} epochs, found {len(lines)}")
