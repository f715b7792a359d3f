"""Tables that are written a few rows at a time into a Parquet file, by duckdb."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, final

import numpy as np

from layerkit.arrays import is_array
from layerkit.errors import FileError
from layerkit.formats.csv_table import Dialect
from layerkit.formats.parquet_table import check_duckdb
from layerkit.formats.row_writers import CsvWriter, RowWriter, WrittenColumn

_ROWS = "SELECT * FROM read_csv(?, header = true, delim = ',', quote = '\"', columns = ?)"
_MEMORY = "256MB"
"""What duckdb may take while it writes."""


@final
class ParquetWriter(RowWriter):
    """Collects rows in a temporary file, which duckdb turns into Parquet; see `parquet_writer`."""

    def __init__(self, rows: BinaryIO, names: Sequence[str]) -> None:
        self._names = names
        self._rows = CsvWriter(rows, names, Dialect())
        self._types: Sequence[str] = ()

    def write(self, columns: Sequence[WrittenColumn]) -> None:
        """Write some rows; the first ones, if there are any or not, tell the types of columns."""
        if not self._types:
            self._types = [_type(column) for column in columns]
        self._rows.write(columns)

    @property
    def types(self) -> dict[str, str]:
        """The type of every column by its name."""
        return dict(zip(self._names, self._types, strict=True))


@contextmanager
def parquet_writer(stream: BinaryIO, names: Sequence[str]) -> Generator[ParquetWriter]:
    """Return a writer of a Parquet file, which is written when the context ends without an error.

    Arrays become numbers, cells text.

    Parameters
    ----------
    stream
        Where to; need not be seekable.
    names
        Of the columns.

    Raises
    ------
    UsageError
        If duckdb is not installed.
    FileError
        If it cannot write.
    """
    check_duckdb()
    with tempfile.TemporaryDirectory() as directory:
        rows, packed = Path(directory, "rows.csv"), Path(directory, "rows.parquet")
        with rows.open("wb") as file:
            writer = ParquetWriter(file, names)
            yield writer
        _convert(rows, packed, writer.types)
        with packed.open("rb") as file:
            shutil.copyfileobj(file, stream)


def _convert(rows: Path, packed: Path, types: dict[str, str]) -> None:
    import duckdb

    try:
        with duckdb.connect(config={"threads": 1, "memory_limit": _MEMORY}) as connection:
            connection.execute("SET temp_directory = ?", [str(rows.parent)])
            connection.execute("SET autoinstall_known_extensions = false")
            connection.execute("SET autoload_known_extensions = false")
            connection.sql(_ROWS, params=[str(rows), types]).write_parquet(str(packed))
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0]
        raise FileError(f"cannot write the Parquet file: {reason}") from error


def _type(column: WrittenColumn) -> str:
    if not is_array(column):
        return "VARCHAR"
    if column.dtype.kind != "f":
        return "BIGINT"
    return "FLOAT" if column.dtype == np.float32 else "DOUBLE"
