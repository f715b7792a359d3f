"""How a file is written that a person passes: what its name tells, and what options say."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

from layerkit.contracts.dataset import DatasetConfig
from layerkit.contracts.table import TableConfig
from layerkit.errors import UsageError
from layerkit.formats.csv_table import Dialect
from layerkit.formats.table_files import TableFormat, table_format_of
from layerkit.formats.text import STANDARD_INPUT

FileFormat: TypeAlias = Literal["csv", "jsonl", "parquet", "arrow", "npz"]
"""What files may be; ``npz`` stands for a single ``.npy`` array too."""


@dataclass(frozen=True, slots=True)
class FileOptions:
    """What a person says of a file; None: what its name and the run tell.

    Attributes
    ----------
    format
        Of the file.
    array
        The array in an ``.npz`` file.
    separator, decimal, encoding
        Of a CSV file.
    """

    format: Literal["csv", "jsonl", "parquet", "arrow", "npz", "npy"] | None = None
    array: str | None = None
    separator: str | None = None
    decimal: str | None = None
    encoding: str | None = None

    def check(self) -> None:
        """Check that all of them can be.

        Raises
        ------
        UsageError
            If not.
        """
        for name, value in (("separator", self.separator), ("decimal", self.decimal)):
            if value is not None and (len(value) != 1 or value in '\r\n"'):
                raise UsageError(f"--{name}: expected one character, found {value!r}")
        try:
            codecs.lookup(self.encoding or "utf-8")
        except (LookupError, ValueError):
            raise UsageError(
                f"--encoding: expected the name of an encoding, such as utf-8 or cp1252, found "
                f"{self.encoding!r}"
            ) from None

    def dialect(self, data: DatasetConfig) -> Dialect:
        """Return how a CSV file is written, which the spec of the run says unless options do.

        Parameters
        ----------
        data
            What the run was trained on.
        """
        dialect = data.dialect if isinstance(data, TableConfig) else Dialect(header=None)
        return replace(
            dialect,
            separator=self.separator or dialect.separator,
            decimal=self.decimal or dialect.decimal,
            encoding=self.encoding or dialect.encoding,
        )

    @property
    def describes_csv(self) -> bool:
        """Whether an option says how a CSV file is written."""
        return any((self.separator, self.decimal, self.encoding))


def input_format(path: Path, options: FileOptions, data: DatasetConfig) -> FileFormat:
    """Return the format of a file to read.

    Parameters
    ----------
    path
        The file; ``-`` is standard input, which is taken to be what the run was trained on, if that
        is a table, else CSV.
    options, data
        What more is known.

    Raises
    ------
    UsageError
        If nothing tells.
    """
    found = _format_of(path) if options.format is None else options.format
    if found is not None:
        return "npz" if found == "npy" else found
    if path != STANDARD_INPUT:
        raise _unknown(path, "--format")
    return "jsonl" if data.type_name() == "jsonl" else "csv"


def output_format(path: Path, wanted: FileFormat | None, read: FileFormat) -> FileFormat:
    """Return the format of a file to write; that of the input on standard output, if it is text.

    Raises
    ------
    UsageError
        If nothing tells.
    """
    found = _format_of(path) if wanted is None else wanted
    if found is not None:
        return found
    if path != STANDARD_INPUT and not _is_stream(path):
        raise _unknown(path, "--output-format")
    return "jsonl" if read == "jsonl" else "csv"


def _format_of(path: Path) -> FileFormat | None:
    table: TableFormat | None = table_format_of(path)
    return table or ("npz" if path.suffix.lower() in {".npz", ".npy"} else None)


def _is_stream(path: Path) -> bool:
    """Tell whether a path is that of a device or a pipe, whose name says nothing."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _unknown(path: Path, option: str) -> UsageError:
    return UsageError(
        f"{path}: expected a name that ends in .csv, .jsonl, .parquet, .arrow, .npz or .npy, or in "
        f".gz after one of text; say with {option} what it is"
    )
