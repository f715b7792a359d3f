"""Files of every format of tables, by the name of the format."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal, TypeAlias

from layerkit.errors import UsageError
from layerkit.formats.arrow_table import open_arrow
from layerkit.formats.csv_table import Dialect, open_csv
from layerkit.formats.jsonl_table import open_jsonl
from layerkit.formats.parquet_table import open_parquet
from layerkit.formats.table import TableSource
from layerkit.formats.text import STANDARD_INPUT

TableFormat: TypeAlias = Literal["csv", "jsonl", "parquet", "arrow"]
"""How a table is written in a file."""

_SUFFIXES: dict[str, TableFormat] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
}


def open_table(
    path: Path, table_format: TableFormat, dialect: Dialect
) -> AbstractContextManager[TableSource]:
    """Open a table for reading; ``-`` is standard input.

    Parameters
    ----------
    path
        The file; text may be gzip-compressed.
    table_format
        How it is written.
    dialect
        What more there is to know of a CSV file.

    Raises
    ------
    DataError
        If its beginning is damaged.
    FileError
        If it cannot be opened.
    UsageError
        If it is a Parquet or Arrow file on standard input, or what reads it is not installed.
    """
    if table_format == "csv":
        return open_csv(path, dialect)
    if table_format == "jsonl":
        return open_jsonl(path)
    if path == STANDARD_INPUT:
        raise UsageError(
            f"expected the path of the {table_format} file; standard input cannot be searched"
        )
    return open_parquet(path) if table_format == "parquet" else open_arrow(path)


def table_format_of(path: Path) -> TableFormat | None:
    """Return the format that a file's name tells, None if it tells none."""
    is_packed = path.suffix.lower() == ".gz"
    name = path.with_suffix("") if is_packed else path
    found = _SUFFIXES.get(name.suffix.lower())
    return None if is_packed and found in {"parquet", "arrow"} else found
