"""Reading the arrays of an ``.npz`` file one by one, their headers first, never by pickle."""

from __future__ import annotations

import zlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path
from tokenize import TokenError
from typing import IO, Literal
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

import numpy as np
from numpy.lib import format as npy

from layerkit.arrays import Values
from layerkit.errors import DataError, FileError
from layerkit.formats.files import ArrayHeader, open_data, read_exactly
from layerkit.problems import did_you_mean

_SUFFIX = ".npy"
_LONGEST_HEADER = 1 << 16
_NOT_A_HEADER = (
    LookupError,
    MemoryError,
    RuntimeError,
    SyntaxError,
    TokenError,
    TypeError,
    ValueError,
)
"""What NumPy raises on text that is no array header."""


class NpzArchive:
    """The arrays in an open ``.npz`` file; get one from `open_npz`."""

    def __init__(self, archive: ZipFile, path: Path) -> None:
        self._archive = archive
        self._path = path

    def names(self) -> list[str]:
        """Return the names of the arrays, in the order of the file."""
        members = self._archive.namelist()
        return [member.removesuffix(_SUFFIX) for member in members if member.endswith(_SUFFIX)]

    def header(self, name: str) -> ArrayHeader:
        """Return shape and dtype of an array; reads no further than its header.

        Raises
        ------
        DataError
            If the file has no such array, or it does not hold numbers.
        """
        with self._open(name) as member:
            return _read_header(member, self.called(name))[0]

    def read(self, name: str) -> Values:
        """Return an array, in the byte and axis order of this machine.

        Raises
        ------
        DataError
            If the file has no such array, or it does not hold numbers or is damaged.
        """
        with self._open(name) as member:
            header, order = _read_header(member, self.called(name))
            size = prod(header.shape) * header.dtype.itemsize
            data = read_exactly(member, size, header.name)
        values: Values = np.frombuffer(data, header.dtype)
        native = header.dtype.newbyteorder("=")
        return values.reshape(header.shape, order=order).astype(native, order="C", copy=False)

    def called(self, name: str) -> str:
        """Return what messages call an array."""
        return f"'{name}' in {self._path}"

    def _open(self, name: str) -> IO[bytes]:
        names = self.names()
        if name not in names:
            hint = f"; {did_you_mean(name, names)}".removesuffix("; ")
            raise DataError(
                f"{self._path}: expected an array named '{name}', found "
                f"{', '.join(names) or 'none'}{hint}"
            )
        member = self._archive.getinfo(name + _SUFFIX)
        if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise DataError(
                f"{self.called(name)}: expected a stored or deflated array, found ZIP compression "
                f"{member.compress_type}; save it with numpy.savez or numpy.savez_compressed"
            )
        return self._archive.open(member)


@contextmanager
def open_npz(path: Path) -> Generator[NpzArchive]:
    """Open an ``.npz`` file.

    Raises
    ------
    DataError
        If it is no ``.npz`` file or is damaged.
    FileError
        If it cannot be read.
    """
    with open_data(path) as file:
        try:
            with ZipFile(file) as archive:
                yield NpzArchive(archive, path)
        except (BadZipFile, EOFError, RuntimeError, UnicodeDecodeError, zlib.error) as error:
            raise DataError(
                f"{path}: expected a whole .npz file, found: {error}; get or save it again"
            ) from error
        except OSError as error:
            raise FileError(f"{path}: cannot be read: {error}") from error


@dataclass(frozen=True, slots=True)
class _Bounded:
    """Reads for NumPy's header parser, which would follow any length that a file declares."""

    stream: IO[bytes]

    def read(self, size: int = -1, /) -> bytes:
        if not 0 <= size <= _LONGEST_HEADER:
            raise ValueError(f"a header of {size} bytes")
        return self.stream.read(size)


def _read_header(member: IO[bytes], name: str) -> tuple[ArrayHeader, Literal["C", "F"]]:
    """Return the header of an array, and the order of its axes: C or F."""
    stream = _Bounded(member)
    try:
        version = npy.read_magic(stream)
        if version == (1, 0):
            shape, fortran, dtype = npy.read_array_header_1_0(stream)
        elif version == (2, 0):
            shape, fortran, dtype = npy.read_array_header_2_0(stream)
        else:
            raise ValueError(f"format {version}")
    except _NOT_A_HEADER as error:
        raise DataError(
            f"{name}: expected an array in NumPy's format 1.0 or 2.0, found: {error}; save it again"
        ) from error
    if dtype.kind not in "biuf":
        raise DataError(
            f"{name}: expected an array of numbers, found {dtype}; nothing is ever unpickled"
        )
    if any(length < 1 for length in shape):
        raise DataError(f"{name}: expected at least one value, found an array of shape {shape}")
    return ArrayHeader(name, shape, dtype), "F" if fortran else "C"
