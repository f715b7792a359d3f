"""The files of a run that others than the run itself read: its manifest and its weights."""

from __future__ import annotations

import hashlib
from pathlib import Path

from layerkit.arrays import Array
from layerkit.errors import DataError, FileError
from layerkit.formats.checked_json import checked
from layerkit.formats.weights import read_arrays

MANIFEST = "manifest.json"
WEIGHTS = "model.safetensors"


def read_manifest(run: Path) -> dict[str, object]:
    """Return the facts in the manifest of a run directory.

    Raises
    ------
    FileError, DataError
        If it cannot be read, or was changed.
    """
    path = run / MANIFEST
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}") from error
    return checked(content, str(path))


def check_weights(run: Path) -> str:
    """Check that the weights of a run directory are those that its manifest speaks of.

    Returns
    -------
    str
        Their SHA-256.

    Raises
    ------
    FileError, DataError
        If they cannot be read, or are others.
    """
    expected = read_manifest(run).get("model_sha256")
    if not isinstance(expected, str):
        raise DataError(
            f"{run}: expected a run that saved its weights at its end, found one that "
            f"did not; 'layerkit resume {run}' continues from its last checkpoint"
        )
    if expected != file_sha256(run / WEIGHTS):
        raise DataError(
            f"{run / WEIGHTS}: expected what the checksum in the manifest says; the file is "
            "damaged or another's"
        )
    return expected


def read_weights(run: Path) -> tuple[dict[str, Array], str]:
    """Return the checked weights of a run directory by path, and the SHA-256 of their file.

    Raises
    ------
    FileError, DataError
        If they cannot be read, or are not those that the manifest speaks of.
    """
    sha256 = check_weights(run)
    return read_arrays(run / WEIGHTS), sha256


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file.

    Raises
    ------
    FileError
        If it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}") from error
