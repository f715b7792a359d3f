"""Tables in Arrow IPC files, read by pyarrow, which the extra ``layerkit[arrow]`` installs."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from layerkit.errors import DataError, UsageError
from layerkit.formats.files import open_data
from layerkit.formats.table import CHUNK_ROWS, Cell, Chunk, TableSource, check_row_count, shown
from layerkit.formats.text import MAX_ROW

if TYPE_CHECKING:
    from pyarrow import Array, DataType, RecordBatch

ARROW_MAGIC = b"ARROW1"
_OLD_FEATHER = b"FEA1"


class ArrowSource(TableSource):
    """An Arrow file that is open for reading; get one from `open_arrow`.

    Rows are counted from 1.
    """

    def __init__(self, file: BinaryIO, path: Path, size: int) -> None:
        from pyarrow import PythonFile
        from pyarrow.ipc import open_file

        self._file = PythonFile(file, "r")
        self._size = size
        with _data_errors(str(path)), open_file(self._file) as reader:
            schema = reader.schema
            super().__init__(str(path), schema.names)
            self._types = [schema.field(index).type for index in range(len(self.columns))]

    def indices(self, names: Sequence[str]) -> list[int]:
        """Return where the named columns are; see `TableSource.indices`.

        Raises
        ------
        DataError
            If the file lacks some of them, or one is of a type that cannot be read.
        """
        indices = super().indices(names)
        for name, index in zip(names, indices, strict=True):
            if not _has_cells(self._types[index]):
                raise DataError(
                    f"{self.name}: expected numbers, texts or booleans in column {shown(name)}, "
                    f"found {self._types[index]}; convert the column, or leave it out"
                )
        return indices

    def chunks(self, names: Sequence[str], size: int = CHUNK_ROWS) -> Iterator[Chunk]:
        """Yield all rows, at most ``size`` at a time; see `TableSource.chunks`."""
        from pyarrow.ipc import IpcReadOptions, open_file

        indices = self.indices(names)
        wanted = sorted(indices)
        places = [wanted.index(index) for index in indices]
        options = IpcReadOptions(included_fields=wanted, use_threads=False)
        rows = 0
        with _data_errors(self.name), open_file(self._file, options=options) as reader:
            for number in range(reader.num_record_batches):
                batch = reader.get_batch(number)
                check_row_count(self.name, rows + batch.num_rows, self._size)
                batch.validate(full=True)
                for start in range(0, batch.num_rows, size):
                    part = batch.slice(start, size)
                    numbers = range(rows + start + 1, rows + start + part.num_rows + 1)
                    yield Chunk([self._cells(part, place) for place in places], numbers)
                rows += batch.num_rows

    def place(self, row: int, column: str) -> str:
        """Return how messages say where a cell is: ``data.arrow: row 812 column "age"``."""
        return f"{self.name}: row {row} column {shown(column)}"

    def _cells(self, batch: RecordBatch, place: int) -> Sequence[Cell]:
        cells = _cells(batch.column(place))
        if any(isinstance(cell, str) and len(cell) > MAX_ROW for cell in cells):
            raise DataError(
                f"{self.name}: expected texts of up to {MAX_ROW} characters, found a longer one"
            )
        return cells


@contextmanager
def open_arrow(path: Path) -> Generator[ArrowSource]:
    """Open an Arrow IPC file, which Feather files of version 2 are too.

    Raises
    ------
    DataError
        If it is no such file, or damaged.
    FileError
        If it cannot be opened.
    UsageError
        If pyarrow is not installed.
    """
    check_pyarrow()
    with open_data(path) as file:
        start = file.read(len(ARROW_MAGIC))
        if start != ARROW_MAGIC:
            found = "Feather of version 1" if start.startswith(_OLD_FEATHER) else repr(start)
            raise DataError(
                f"{path}: expected an Arrow file, which begins with {ARROW_MAGIC!r}, found "
                f"{found if start else 'an empty file'}"
            )
        size = file.seek(0, 2)
        file.seek(0)
        yield ArrowSource(file, path, size)


def check_pyarrow() -> None:
    """Check that pyarrow is installed.

    Raises
    ------
    UsageError
        If it is not; says how to install it.
    """
    try:
        import_module("pyarrow")
    except ImportError as error:
        raise UsageError(
            f"Arrow files: expected pyarrow to be installed, found: {error}; "
            "pip install 'layerkit[arrow]'"
        ) from None


def _has_cells(kind: DataType) -> bool:
    from pyarrow import types

    if types.is_dictionary(kind):
        return _has_cells(kind.value_type)
    read = (
        types.is_integer,
        types.is_floating,
        types.is_decimal,
        types.is_boolean,
        types.is_string,
        types.is_large_string,
        types.is_string_view,
        types.is_null,
    )
    return any(is_one(kind) for is_one in read)


def _cells(column: Array) -> Sequence[Cell]:
    from pyarrow import DictionaryArray, float64, types

    if isinstance(column, DictionaryArray):
        # One object for each distinct value, however many rows repeat it.
        values = _cells(column.dictionary)
        return [values[i] if isinstance(i, int) else None for i in column.indices.to_pylist()]
    if types.is_decimal(column.type):
        column = column.cast(float64(), safe=False)
    return column.to_pylist()


@contextmanager
def _data_errors(name: str) -> Generator[None]:
    from pyarrow import ArrowException

    try:
        yield
    except (ArrowException, OSError, MemoryError, UnicodeDecodeError, OverflowError) as error:
        reason = str(error).partition("\n")[0]
        raise DataError(
            f"{name}: expected a whole Arrow file, found: {reason}; get it again"
        ) from error
