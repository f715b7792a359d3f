"""Tables that are written a few rows at a time, as CSV or JSON Lines."""

from __future__ import annotations

import csv
import io
import json
import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Protocol, TypeAlias, final

from layerkit.arrays import Values, is_array
from layerkit.formats.csv_table import Dialect
from layerkit.formats.table import Cell

WrittenColumn: TypeAlias = Sequence[Cell] | Values
"""Cells, or an array ``(n,)`` of numbers."""


class Writable(Protocol):
    """Something to write bytes into."""

    def write(self, data: bytes, /) -> int:
        """Write all of the bytes."""
        ...


class RowWriter(ABC):
    """Writes rows of named columns into a stream."""

    @abstractmethod
    def write(self, columns: Sequence[WrittenColumn]) -> None:
        """Write some rows.

        Parameters
        ----------
        columns
            The cells of every column, in the order of the names. Of floating-point numbers as many
            digits are written as tell them from their neighbours.
        """


@final
class CsvWriter(RowWriter):
    """Writes CSV: a line with the names first; UTF-8.

    Parameters
    ----------
    stream
        Where to.
    names
        Of the columns.
    dialect
        Whose separator, quote and decimal sign to use.

    References
    ----------
    RFC 4180, Common Format and MIME Type for Comma-Separated Values (CSV) Files; lines end in a
    line feed alone.
    """

    def __init__(self, stream: Writable, names: Sequence[str], dialect: Dialect) -> None:
        self._stream = stream
        self._dialect = dialect
        self._write([names])

    def write(self, columns: Sequence[WrittenColumn]) -> None:
        """Write some rows; a missing value is an empty cell."""
        self._write([*zip(*(self._texts(column) for column in columns), strict=True)])

    def _texts(self, column: WrittenColumn) -> Sequence[Cell]:
        if not is_array(column):
            return [self._text(cell) for cell in column]
        texts: list[str] = column.astype("U").tolist()
        if self._dialect.decimal == "." or column.dtype.kind != "f":
            return texts
        return [text.replace(".", self._dialect.decimal) for text in texts]

    def _text(self, cell: Cell) -> Cell:
        if isinstance(cell, bool):
            return str(cell).lower()
        return str(cell).replace(".", self._dialect.decimal) if isinstance(cell, float) else cell

    def _write(self, rows: Sequence[Sequence[Cell]]) -> None:
        text = io.StringIO()
        csv.writer(
            text,
            delimiter=self._dialect.separator,
            quotechar=self._dialect.quote,
            lineterminator="\n",
        ).writerows(rows)
        self._stream.write(text.getvalue().encode("utf-8", "surrogatepass"))


@final
class JsonlWriter(RowWriter):
    """Writes JSON Lines: an object on every line, the names as its keys; UTF-8.

    Parameters
    ----------
    stream
        Where to.
    names
        Of the columns.
    """

    def __init__(self, stream: Writable, names: Sequence[str]) -> None:
        self._stream = stream
        keys = [json.dumps(name, ensure_ascii=False).replace("%", "%%") for name in names]
        self._line = "{" + ", ".join(f"{key}: %s" for key in keys) + "}\n"

    def write(self, columns: Sequence[WrittenColumn]) -> None:
        """Write some rows; null stands for numbers that are not finite, as JSON has none."""
        rows = zip(*map(_json_texts, columns), strict=True)
        text = "".join(self._line % row for row in rows)
        self._stream.write(text.encode("utf-8", "surrogatepass"))


def _json_texts(column: WrittenColumn) -> Sequence[str]:
    if not is_array(column):
        return [_json(cell) for cell in column]
    texts: list[str] = column.astype("U").tolist()
    if column.dtype.kind != "f":
        return texts
    return ["null" if text in {"nan", "inf", "-inf"} else text for text in texts]


def _json(cell: Cell) -> str:
    if isinstance(cell, float) and not math.isfinite(cell):
        return "null"
    return json.dumps(cell, ensure_ascii=False)
