"""Arrays in ``.npz`` and ``.npy`` files, and on standard input."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from layerkit.arrays import Values
from layerkit.errors import DataError, UsageError
from layerkit.formats.files import open_data, reading_errors
from layerkit.formats.npy import whole_header
from layerkit.formats.npz import NpzArchive, archive_in
from layerkit.formats.text import STANDARD_INPUT

_ZIP, _NPY = b"PK", b"\x93N"
INPUTS = "inputs"
"""What the array of inputs is called, if there are several."""


@contextmanager
def open_chunks(
    path: Path, array: str | None, size: int
) -> Generator[Iterator[tuple[str, Values]]]:
    """Open an array; yields its rows, about ``size`` bytes at a time, each after its name.

    Parameters
    ----------
    path
        The file; ``-`` is standard input.
    array
        Its name in an ``.npz`` file; by default ``inputs``, or the only one there is.
    size
        How many bytes are held at a time, of an array in the usual order.

    Raises
    ------
    UsageError
        If the file has several arrays and none is chosen.
    DataError
        If it is damaged, or does not have that array.
    FileError
        If it cannot be read.
    """
    with _opened(path) as (file, name):
        magic = file.read(2)
        file.seek(0)
        if magic == _NPY:
            header = whole_header(file, str(name))
            yield _named(str(name), header.chunks(file, size))
        elif magic == _ZIP:
            with archive_in(file, name) as archive:
                chosen = chosen_array(archive, array, name)
                called = archive.called(chosen)
                yield _named(called, archive.chunks(chosen, size))
        else:
            raise DataError(f"{name}: expected a .npz or .npy file, found other bytes")


def _named(name: str, chunks: Iterator[Values]) -> Iterator[tuple[str, Values]]:
    with reading_errors(name):
        for chunk in chunks:
            yield name, chunk


def chosen_array(archive: NpzArchive, array: str | None, path: Path) -> str:
    """Return the name of the array of inputs.

    Raises
    ------
    UsageError
        If the file has several arrays and none is chosen.
    """
    names = archive.names()
    if array is not None or INPUTS in names:
        return array or INPUTS
    if len(names) != 1:
        raise UsageError(
            f"{path}: expected an array named '{INPUTS}', or a single one, found "
            f"{', '.join(names) or 'none'}; choose one with --array"
        )
    return names[0]


@contextmanager
def _opened(path: Path) -> Generator[tuple[BinaryIO, Path]]:
    """Open a file, or a copy of standard input, which can be read in any order."""
    if path != STANDARD_INPUT:
        with open_data(path) as file:
            yield file, path
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
        copy.seek(0)
        yield copy, Path("standard input")
