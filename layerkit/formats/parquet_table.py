"""Tables in Parquet files, read by duckdb, which the extra ``layerkit[parquet]`` installs."""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from layerkit.errors import DataError, FileError, UsageError
from layerkit.formats.files import open_data
from layerkit.formats.table import CHUNK_ROWS, Cell, Chunk, TableSource, check_row_count, shown
from layerkit.formats.text import MAX_ROW

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_INTEGERS = {"tinyint", "smallint", "integer", "bigint", "hugeint"}
_UNSIGNED = {f"u{name}" for name in _INTEGERS}
_AS_THEY_ARE = {"boolean", "float", "double", "null"} | _INTEGERS | _UNSIGNED
_TABLE = "read_parquet(?, hive_partitioning = false, union_by_name = false)"
_MAGIC = b"PAR1"
_SETTINGS = (
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)


class ParquetSource(TableSource):
    """A Parquet file that is open for reading; get one from `open_parquet`.

    Rows are counted from 1.
    """

    def __init__(self, connection: DuckDBPyConnection, path: Path, pattern: str) -> None:
        self.connection = connection
        self._pattern = pattern
        found = connection.execute(f"DESCRIBE SELECT * FROM {_TABLE}", [pattern]).fetchall()
        self._types = {str(name): str(kind) for name, kind, *_ in found}
        super().__init__(str(path), [*self._types])

    def indices(self, names: Sequence[str]) -> list[int]:
        """Return where the named columns are; see `TableSource.indices`.

        Raises
        ------
        DataError
            If the file lacks some of them, or one is of a type that cannot be read.
        """
        indices = super().indices(names)
        for name in names:
            self._selected(name)
        return indices

    def chunks(self, names: Sequence[str], size: int = CHUNK_ROWS) -> Iterator[Chunk]:
        """Yield all rows, at most ``size`` at a time; see `TableSource.chunks`."""
        self.indices(names)
        selected = ", ".join(self._selected(name) for name in names) or "NULL"
        with _data_errors(self.name):
            found = self.connection.execute(f"SELECT {selected} FROM {_TABLE}", [self._pattern])
            for start in count(1, size):
                rows: list[tuple[Cell, ...]] = found.fetchmany(size)
                if not rows:
                    break
                columns = [*zip(*rows, strict=True)] if names else []
                yield Chunk(columns, range(start, start + len(rows)))

    def place(self, row: int, column: str) -> str:
        """Return how messages say where a cell is: ``data.parquet: row 812 column "age"``."""
        return f"{self.name}: row {row} column {shown(column)}"

    def _selected(self, name: str) -> str:
        whole = self._types[name]
        kind = whole.partition("(")[0].strip('"').lower()
        quoted = '"' + name.replace('"', '""') + '"'
        if kind in _AS_THEY_ARE:
            return quoted
        if kind == "decimal":
            return f"CAST({quoted} AS DOUBLE)"
        if kind == "varchar":
            too_long = f"error('a text of more than {MAX_ROW} characters')"
            return f"CASE WHEN strlen({quoted}) > {MAX_ROW} THEN {too_long} ELSE {quoted} END"
        raise DataError(
            f"{self.name}: expected numbers, texts or booleans in column {shown(name)}, found "
            f"{whole}; convert the column, or leave it out"
        )


@contextmanager
def open_parquet(path: Path) -> Generator[ParquetSource]:
    """Open a Parquet file: one file that is here, never a pattern or an address.

    Raises
    ------
    DataError
        If it is no Parquet file, or promises far more rows than it has room for.
    FileError
        If it cannot be opened.
    UsageError
        If duckdb is not installed.
    """
    check_duckdb()
    with open_data(path) as file:
        size = _check_magic(file, path)
        name = str(path.absolute())
        # duckdb reads *, ? and [ as a pattern; each in brackets stands for itself.
        pattern = re.sub(r"[*?\[]", r"[\g<0>]", name)
        with _connected([name, pattern], path) as connection, _data_errors(str(path)):
            _check_rows(connection, path, pattern, size)
            yield ParquetSource(connection, path, pattern)


def _check_magic(file: BinaryIO, path: Path) -> int:
    """Check that a file begins and ends as Parquet files do; return its size."""
    start = file.read(len(_MAGIC))
    if start != _MAGIC:
        raise DataError(
            f"{path}: expected a Parquet file, which begins with {_MAGIC!r}, found "
            f"{repr(start) if start else 'an empty file'}"
        )
    size = file.seek(0, os.SEEK_END)
    file.seek(max(len(_MAGIC), size - len(_MAGIC)))
    if file.read() != _MAGIC:
        raise DataError(
            f"{path}: expected a whole Parquet file, which ends with {_MAGIC!r}, found one that is "
            "cut short; get it again"
        )
    return size


def _connected(allowed: list[str], path: Path) -> DuckDBPyConnection:
    """Return a connection that reads no other file, and nothing from the network."""
    import duckdb

    try:
        connection = duckdb.connect(config={"temp_directory": "", "threads": 2})
        connection.execute("SET allowed_paths = ?", [allowed])
    except UnicodeEncodeError as error:
        raise FileError(f"{path}: expected a path in UTF-8, found {error.reason}") from None
    for setting in _SETTINGS:
        connection.execute(setting)
    return connection


def check_duckdb() -> None:
    """Check that duckdb is installed.

    Raises
    ------
    UsageError
        If it is not; says how to install it.
    """
    try:
        import_module("duckdb")
    except ImportError as error:
        raise UsageError(
            f"Parquet files: expected duckdb to be installed, found: {error}; "
            "pip install 'layerkit[parquet]'"
        ) from None


def _check_rows(connection: DuckDBPyConnection, path: Path, pattern: str, size: int) -> None:
    query = "SELECT sum(num_rows) FROM parquet_file_metadata(?)"
    row = connection.execute(query, [pattern]).fetchone()
    check_row_count(str(path), 0 if row is None else int(row[0]), size)


@contextmanager
def _data_errors(name: str) -> Generator[None]:
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0]
        raise DataError(
            f"{name}: expected a whole Parquet file, found: {reason}; get it again"
        ) from error
