"""Reading ``.npy`` files, their headers first, never by pickle."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path
from tokenize import TokenError
from typing import IO, Literal

import numpy as np
from numpy.lib import format as npy

from layerkit.arrays import Values
from layerkit.errors import DataError
from layerkit.formats.files import (
    ArrayHeader,
    Readable,
    check_size,
    open_data,
    read_exactly,
    read_part,
    reading_errors,
)
from layerkit.formats.row_file import RowFile
from layerkit.messages import cut

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


@dataclass(frozen=True, slots=True)
class NpyHeader:
    """The header of an array, and the order of its axes in the file: C or F."""

    array: ArrayHeader
    order: Literal["C", "F"]

    @property
    def size(self) -> int:
        """How many bytes follow it."""
        return prod(self.array.shape) * self.array.dtype.itemsize

    def values(self, data: bytearray) -> Values:
        """Return the array of these bytes, in the byte and axis order of this machine."""
        dtype = self.array.dtype
        values: Values = np.frombuffer(data, dtype).reshape(self.array.shape, order=self.order)
        return values.astype(dtype.newbyteorder("="), order="C", copy=False)

    def chunks(self, stream: Readable, size: int) -> Iterator[Values]:
        """Yield the rows of the array, about ``size`` bytes at a time, from a stream after it.

        An array in Fortran's order, whose rows are nowhere together, is read whole first.

        Raises
        ------
        DataError
            If the stream ends before the last row, or after it.
        """
        name, dtype = self.array.name, self.array.dtype
        count, *row = self.array.shape or (1,)
        row_size = prod(row) * dtype.itemsize
        step = max(1, size // row_size) if self.order == "C" else count
        for start in range(0, count, step):
            end = min(start + step, count)
            length, part = (end - start) * row_size, ArrayHeader(name, (end - start, *row), dtype)
            last = end == count
            data = read_exactly(stream, length, name) if last else read_part(stream, length, name)
            yield NpyHeader(part, self.order).values(data)

    def rows(self, file: IO[bytes], start: int, path: Path) -> RowFile:
        """Return the rows of the array, which stay in an open file, from a place in it.

        Raises
        ------
        DataError
            If rows do not lie one after another, as in Fortran's order.
        """
        if self.order == "F":
            raise DataError(
                f"{self.array.name}: expected rows that lie one after another, found an array in "
                "Fortran's order; save numpy.ascontiguousarray(x)"
            )
        return RowFile(file, self.array, start, path)


@dataclass(frozen=True, slots=True)
class NpyFile:
    """An array in an ``.npy`` file.

    Attributes
    ----------
    path
        The file.
    """

    path: Path

    @property
    def name(self) -> str:
        """What messages call it."""
        return str(self.path)

    def header(self) -> ArrayHeader:
        """Return shape and dtype; reads no further than the header.

        Raises
        ------
        DataError
            If it is no ``.npy`` file of numbers, or not as long as its header says.
        FileError
            If it cannot be read.
        """
        with open_data(self.path) as file, reading_errors(self.name):
            return self._header(file).array

    def read(self) -> Values:
        """Return the array, in the byte and axis order of this machine; raises as `header`."""
        with open_data(self.path) as file, reading_errors(self.name):
            header = self._header(file)
            return header.values(read_exactly(file, header.size, self.name))

    def rows(self) -> RowFile:
        """Return the rows of the array, which stay in the file; raises as `header`."""
        with open_data(self.path) as file, reading_errors(self.name):
            header = self._header(file)
            return header.rows(file, file.tell(), self.path)

    def _header(self, file: IO[bytes]) -> NpyHeader:
        return whole_header(file, self.name)


def whole_header(file: IO[bytes], name: str) -> NpyHeader:
    """Read the header of an ``.npy`` file, which must be as long as that says.

    Raises
    ------
    DataError
        If it is no header of numbers, or not as long.
    """
    header = read_npy_header(file, name)
    check_size(name, header.size, os.fstat(file.fileno()).st_size - file.tell())
    return header


@dataclass(frozen=True, slots=True)
class _Bounded:
    """Reads for NumPy's header parser, which would follow any length that a file declares."""

    stream: Readable

    def read(self, size: int = -1, /) -> bytes:
        if not 0 <= size <= _LONGEST_HEADER:
            raise ValueError(f"a header of {size} bytes")
        return self.stream.read(size)


def read_npy_header(stream: Readable, name: str) -> NpyHeader:
    """Read the header of an array from a stream; leave it at the first of its values.

    Raises
    ------
    DataError
        If it is no header in NumPy's format, or not of an array of numbers that holds some.
    """
    bounded = _Bounded(stream)
    try:
        version = npy.read_magic(bounded)
        if version == (1, 0):
            shape, fortran, dtype = npy.read_array_header_1_0(bounded)
        elif version == (2, 0):
            shape, fortran, dtype = npy.read_array_header_2_0(bounded)
        else:
            raise ValueError(f"format {version}")
    except _NOT_A_HEADER as error:
        raise DataError(
            f"{name}: expected an array in NumPy's format 1.0 or 2.0, found: {_found(error)}; save "
            "it again"
        ) from error
    if dtype.kind not in "biuf":
        raise DataError(
            f"{name}: expected an array of numbers, found {dtype}; nothing is ever unpickled"
        )
    if any(length < 1 for length in shape):
        raise DataError(f"{name}: expected at least one value, found an array of shape {shape}")
    return NpyHeader(ArrayHeader(name, shape, dtype), "F" if fortran else "C")


def _found(error: Exception) -> str:
    """Return what is wrong with a header, without NumPy's advice to trust files and their pickles.

    It gives that for headers that it finds long, of which Layerkit reads none.
    """
    text = cut(" ".join(str(error).split()), 200)
    return "a header longer than any of numbers" if "pickle" in text else text
