"""Rows of an array that stays in its file."""

from __future__ import annotations

import os
import sys
import weakref
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import IO

import numpy as np

from layerkit.arrays import Labels, Values
from layerkit.errors import FileError
from layerkit.formats.files import ArrayHeader, changed, stamp_of


class RowFile:
    """An array in a file, C order, of which some rows are read at a time.

    Rows are read by calls of the system and not through the pages of a memory map: of a page that
    the disk does not give, or that a shorter file no longer has, the system tells by a signal that
    ends the process (SIGBUS); a call fails instead. After every read the file's size and time of
    change must be what they were when it was opened.

    Parameters
    ----------
    file
        The file, opened. It may be closed afterwards.
    header
        Of the array.
    start
        How many bytes of the file precede its values.
    path
        What messages call the file.

    Attributes
    ----------
    array
        The whole array as a memory map, to read only.
    """

    def __init__(self, file: IO[bytes], header: ArrayHeader, start: int, path: Path) -> None:
        if sys.platform == "win32":
            raise FileError(f"{path}: this system cannot read rows of a file; set mapped = false")
        self._path, self._start = path, start
        self._row = prod(header.shape[1:]) * header.dtype.itemsize
        self._descriptor = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._descriptor)
        self._stamp = stamp_of(self._descriptor)
        try:
            mapped = np.memmap(file, header.dtype, "r", start, header.shape)
        except ValueError:  # the file is shorter by now
            raise changed(path) from None
        self.array: Values = np.asarray(mapped)

    def take(self, rows: Labels, out: Values) -> None:
        """Write the rows of those numbers into a contiguous array of the file's dtype.

        Raises
        ------
        DataError
            If the file has changed since it was opened.
        FileError
            If the system cannot read it.
        """
        content = out.reshape(-1).view(np.uint8).data
        ends = np.append(np.flatnonzero(np.diff(rows) != 1) + 1, len(rows)).tolist()
        first = 0
        try:
            for end in ends:  # of stretches of rows that follow one another
                start = self._start + int(rows[first]) * self._row
                self._read(content[first * self._row : end * self._row], start)
                first = end
        except OSError as error:
            raise FileError(f"{self._path}: cannot be read: {error.strerror}") from error
        if stamp_of(self._descriptor) != self._stamp:
            raise changed(self._path)

    def _read(self, out: memoryview, start: int) -> None:
        done = 0
        while done < len(out):
            count = os.preadv(self._descriptor, (out[done:],), start + done)
            if not count:
                raise changed(self._path)
            done += count


def stretches(values: Values, reader: RowFile | None, size: int) -> Iterator[tuple[int, Values]]:
    """Yield an array in stretches of rows, each after the number of rows before it.

    Parameters
    ----------
    values
        The array.
    reader
        Of its rows, if it is not in memory; a stretch is overwritten by the next one then.
    size
        The most values of a stretch, if a row has no more.
    """
    if not values.size:
        return
    rows = min(len(values), max(1, size // values[0].size))
    buffer = None if reader is None else np.empty((rows, *values.shape[1:]), values.dtype)
    for start in range(0, len(values), rows):
        part = values[start : start + rows]
        if reader is not None and buffer is not None:
            chosen = np.arange(start, start + len(part))
            part = buffer[: len(part)]
            reader.take(chosen, part)
        yield start, part
