"""Arrays by name in the safetensors format, with a note beside them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from layerkit.arrays import Array
from layerkit.errors import DataError, FileError
from layerkit.formats.atomic import write_atomically
from layerkit.values import is_table

_NOTE = "layerkit"
CHECKSUM = 64
"""Characters of the checksum that a note begins with, where there is one."""


def save_arrays(path: Path, arrays: Mapping[str, Array], note: str = "") -> bytes:
    """Write arrays by name; return the file's bytes, the same ones for the same arrays.

    Parameters
    ----------
    path
        Where to; the file is written whole or not at all.
    arrays
        What to write.
    note
        A text to write with them.
    """
    content = safetensors_bytes(arrays, note)
    write_atomically(path, content)
    return content


def safetensors_bytes(arrays: Mapping[str, Array], note: str = "") -> bytes:
    """Return the bytes of a file that `save_arrays` writes."""
    return save(dict(arrays), {_NOTE: note} if note else None)


def read_arrays(path: Path) -> dict[str, Array]:
    """Return every array of a file by name.

    Raises
    ------
    FileError
        If the file cannot be read.
    DataError
        If it is damaged.
    """
    try:
        return {**load(_content(path))}
    except (SafetensorError, ValueError) as error:
        raise DataError(f"{path}: expected a safetensors file: {error}") from error


def read_note(path: Path) -> str:
    """Return the text that was written with the arrays; empty if there is none.

    Raises
    ------
    FileError
        If the file cannot be read.
    DataError
        If it is damaged.
    """
    content = _content(path)
    size = int.from_bytes(content[:8], "little")
    try:
        header: object = json.loads(content[8 : 8 + size])
    except ValueError as error:
        raise DataError(f"{path}: expected a safetensors file: {error}") from error
    metadata = header.get("__metadata__") if is_table(header) else None
    return str(metadata.get(_NOTE, "")) if is_table(metadata) else ""


def save_checked(path: Path, arrays: Mapping[str, Array], note: str) -> None:
    """Write arrays by name with a note, and a SHA-256 over all; raises what `save_arrays` does."""
    save_arrays(path, arrays, _checksum(note, arrays) + note)


def read_checked(path: Path, what: str) -> tuple[dict[str, Array], str]:
    """Return the arrays and the note that `save_checked` wrote.

    Parameters
    ----------
    path
        The file.
    what
        What messages call its contents.

    Raises
    ------
    FileError
        If the file cannot be read.
    DataError
        If it is damaged, or another one.
    """
    text, arrays = read_note(path), read_arrays(path)
    checksum, note = text[:CHECKSUM], text[CHECKSUM:]
    if not note:
        raise DataError(f"{path}: expected {what}, found other arrays")
    if checksum != _checksum(note, arrays):
        raise DataError(f"{path}: expected what its checksum says; the file is damaged")
    return arrays, note


def load_arrays(path: Path, into: Mapping[str, Array]) -> None:
    """Read arrays by name into existing memory.

    Raises
    ------
    FileError
        If the file cannot be read.
    DataError
        If it is damaged, or holds other names, shapes or dtypes than expected.
    """
    copy_arrays(read_arrays(path), into, path)


def copy_arrays(stored: Mapping[str, Array], into: Mapping[str, Array], path: Path) -> None:
    """Copy arrays by name into existing memory; the path is where they come from.

    Raises
    ------
    DataError
        If there are others than expected, or of other shapes or dtypes.
    """
    if stored.keys() != into.keys():
        raise DataError(f"{path}: expected the arrays {', '.join(into)}; found {', '.join(stored)}")
    for name, array in into.items():
        found = stored[name]
        if found.shape != array.shape or found.dtype != array.dtype:
            raise DataError(
                f"{path}: expected '{name}' as {array.dtype} {array.shape}, "
                f"found {found.dtype} {found.shape}"
            )
        np.copyto(array, found)


def _checksum(note: str, arrays: Mapping[str, Array]) -> str:
    digest = hashlib.sha256(note.encode())
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileError(f"{path}: cannot read the weights: {error.strerror}") from error
