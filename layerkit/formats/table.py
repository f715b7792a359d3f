"""Tables in files: rows of named columns, read a chunk at a time."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from layerkit.errors import ColumnError, DataError
from layerkit.problems import did_you_mean

Cell: TypeAlias = str | int | float | bool | None
"""What stands in one cell; None where there is no value."""

CHUNK_ROWS = 512
"""Rows that are read at a time: few enough for their cells to stay in cache."""
_LONGEST = 60
_ALWAYS_FIT = 1 << 24
_ROWS_PER_BYTE = 200
"""How many rows a file may promise for each of its bytes; those of tables have a byte or more."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a table.

    Attributes
    ----------
    columns
        The cells of every column that was asked for, in that order.
    rows
        Where each row is in its file, as messages show it: the number of a line or of a record.
    """

    columns: Sequence[Sequence[Cell]]
    rows: Sequence[int]

    def __len__(self) -> int:
        return len(self.rows)


class TableSource(ABC):
    """A table that is open for reading, once.

    Parameters
    ----------
    name
        What messages call it: a path, or ``standard input``.
    columns
        The names of its columns, in their order.
    decimal, thousands
        The characters that stand for the decimal point and between thousands in its texts.
    """

    def __init__(
        self, name: str, columns: Sequence[str], decimal: str = ".", thousands: str = ""
    ) -> None:
        self.name = name
        self.columns: tuple[str, ...] = tuple(columns)
        self.decimal = decimal
        self.thousands = thousands

    @abstractmethod
    def chunks(self, names: Sequence[str], size: int = CHUNK_ROWS) -> Iterator[Chunk]:
        """Yield all rows, at most ``size`` at a time, with the named columns.

        Raises
        ------
        DataError
            If the table has no such column, or is damaged.
        FileError
            If it cannot be read.
        """

    def place(self, row: int, column: str) -> str:
        """Return how messages say where a cell is: ``data.csv:812:4 column "age"``."""
        number = self.columns.index(column) + 1
        return f"{self.name}:{row}:{number} column {shown(column)}"

    def indices(self, names: Sequence[str]) -> list[int]:
        """Return where the named columns are.

        Raises
        ------
        ColumnError
            If the table lacks some of them, or has two of one name.
        """
        missing = [name for name in names if name not in self.columns]
        if missing:
            known = [name for name in self.columns if name not in names]
            hint = f"; {did_you_mean(missing[0], known)}".removesuffix("; ")
            message = (
                f"{self.name}: expected {_columns(missing)}, found {_columns(self.columns)}{hint}"
            )
            raise ColumnError(message, missing[0])
        twice = next((name for name in names if self.columns.count(name) > 1), None)
        if twice is not None:
            message = (
                f"{self.name}: expected one column {shown(twice)}, found "
                f"{self.columns.count(twice)}; rename them"
            )
            raise ColumnError(message, twice)
        return [self.columns.index(name) for name in names]


def _columns(names: Sequence[str]) -> str:
    if not names:
        return "no columns"
    quoted = ", ".join(shown(name) for name in names[:20])
    more = f" and {len(names) - 20} more" if len(names) > 20 else ""
    return f"{'column' if len(names) == 1 else 'columns'} {quoted}{more}"


def check_row_count(name: str, rows: int, size: int) -> None:
    """Check that a binary file does not promise far more rows than it has room for.

    Parameters
    ----------
    name
        What messages call the file.
    rows
        How many it promises.
    size
        Of the file, in bytes.

    Raises
    ------
    DataError
        If it does.
    """
    if rows > max(_ALWAYS_FIT, size * _ROWS_PER_BYTE):
        raise DataError(
            f"{name}: expected at most {_ROWS_PER_BYTE} rows for each byte of the file, found "
            f"{rows} rows in {size} bytes"
        )


def shown(cell: Cell) -> str:
    """Return what stands in a cell as messages show it: on one line, cut if it is long."""
    if cell is None:
        return "none"
    if isinstance(cell, int) and abs(cell) > 10**_LONGEST:
        return "a longer integer"
    text = json.dumps(cell, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
