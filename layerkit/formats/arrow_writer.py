"""Tables that are written a few rows at a time into an Arrow IPC file, by pyarrow."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, final

import numpy as np

from layerkit.arrays import is_array
from layerkit.formats.arrow_table import check_pyarrow
from layerkit.formats.row_writers import RowWriter, Writable, WrittenColumn
from layerkit.formats.table import Cell

if TYPE_CHECKING:
    from pyarrow import Array
    from pyarrow.ipc import RecordBatchFileWriter

_BATCH_ROWS = 1 << 14


@final
class ArrowWriter(RowWriter):
    """Writes record batches of some thousand rows; get one from `arrow_writer`."""

    def __init__(self, stream: Writable, names: Sequence[str]) -> None:
        self._stream = _Counted(stream)
        self._names = [*names]
        self._waiting: list[list[Array]] = [[] for _ in names]
        self._rows = 0
        self._file: RecordBatchFileWriter | None = None

    def write(self, columns: Sequence[WrittenColumn]) -> None:
        """Write some rows; the first ones, if there are any or not, tell the types of columns."""
        arrays = [_array(column) for column in columns]
        for waiting, array in zip(self._waiting, arrays, strict=True):
            waiting.append(array)
        self._rows += len(arrays[0])
        if self._file is None or self._rows >= _BATCH_ROWS:
            self._write_batch()

    def finish(self) -> None:
        """Write the rows that wait, and the end of the file."""
        if self._rows:
            self._write_batch()
        if self._file is not None:
            self._file.close()

    def _write_batch(self) -> None:
        from pyarrow import PythonFile, RecordBatch, concat_arrays
        from pyarrow.ipc import new_file

        arrays = [concat_arrays(waiting) for waiting in self._waiting]
        batch = RecordBatch.from_arrays(arrays, names=self._names)
        if self._file is None:
            self._file = new_file(PythonFile(self._stream, "w"), batch.schema)
        self._file.write_batch(batch)
        self._waiting = [[] for _ in self._names]
        self._rows = 0


@contextmanager
def arrow_writer(stream: Writable, names: Sequence[str]) -> Generator[ArrowWriter]:
    """Return a writer of an Arrow file, which is whole when the context ends without an error.

    Arrays become numbers, cells text; a missing value is null.

    Parameters
    ----------
    stream
        Where to; need not be seekable.
    names
        Of the columns.

    Raises
    ------
    UsageError
        If pyarrow is not installed.
    """
    check_pyarrow()
    writer = ArrowWriter(stream, names)
    yield writer
    writer.finish()


class _Counted:
    """Counts what is written: pyarrow asks where it is, which a pipe does not know."""

    closed = False

    def __init__(self, stream: Writable) -> None:
        self._stream = stream
        self._size = 0

    def write(self, data: bytes, /) -> int:
        written = self._stream.write(bytes(data))
        self._size += written
        return written

    def tell(self) -> int:
        return self._size

    def flush(self) -> None:
        """Do nothing: whoever opened the stream flushes it."""

    def close(self) -> None:
        """Do nothing: whoever opened the stream closes it."""


def _array(column: WrittenColumn) -> Array:
    from pyarrow import array, string

    if is_array(column):
        return array(np.ascontiguousarray(column))
    return array([_text(cell) for cell in column], string())


def _text(cell: Cell) -> str | None:
    if isinstance(cell, bool):
        return str(cell).lower()
    return None if cell is None else str(cell)
