"""Tables in CSV files."""

from __future__ import annotations

import csv
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from layerkit.errors import DataError
from layerkit.formats.table import CHUNK_ROWS, Chunk, TableSource, check_column_names
from layerkit.formats.text import MAX_LINE, TextLines, open_text


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written.

    Attributes
    ----------
    separator
        The character between cells.
    decimal, thousands
        The characters that stand for the decimal point, and between thousands; none for ``""``.
    quote
        The character around cells that have separators in them; doubled inside a cell.
    encoding
        Of its text.
    header
        Whether the first row has the names of the columns; they are ``column_1``, ... without.
    """

    separator: str = ","
    decimal: str = "."
    thousands: str = ""
    quote: str = '"'
    encoding: str = "utf-8"
    header: bool = True


class CsvSource(TableSource):
    """A CSV file that is open for reading; get one from `open_csv`."""

    def __init__(self, lines: TextLines, dialect: Dialect) -> None:
        self._separator = dialect.separator
        self._rows = _rows(lines, dialect)
        first = next(self._rows, None)
        columns: list[str] = []
        if first is not None and dialect.header:
            columns = [cell.strip() for cell in first[1]]
        elif first is not None:
            columns = [f"column_{number}" for number in range(1, len(first[1]) + 1)]
            self._rows = chain([first], self._rows)
        check_column_names(lines.name, columns)
        super().__init__(lines.name, columns, dialect.decimal, dialect.thousands)

    def chunks(self, names: Sequence[str], size: int = CHUNK_ROWS) -> Iterator[Chunk]:
        """Yield all rows, at most ``size`` at a time; see `TableSource.chunks`."""
        indices, width = self.indices(names), len(self.columns)
        while found := [*islice(self._rows, size)]:
            for number, row in found:
                if len(row) != width:
                    raise self._ragged(number, len(row))
            columns = [[row[index] for _, row in found] for index in indices]
            yield Chunk(columns, [number for number, _ in found])

    def _ragged(self, number: int, found: int) -> DataError:
        others = [each for each in ";,\t|" if each != self._separator]
        is_one = len(self.columns) == 1 or found == 1
        hint = f"; set the separator, such as {others[0]!r}" if is_one else ""
        return DataError(
            f"{self.name}:{number}: expected {len(self.columns)} cells, one for each column, found "
            f"{found}{hint}"
        )


@contextmanager
def open_csv(path: Path, dialect: Dialect) -> Generator[CsvSource]:
    """Open a CSV file, gzip-compressed or plain; ``-`` is standard input.

    Blank lines are skipped, and blanks after a separator.

    Raises
    ------
    DataError
        If its first line is damaged.
    FileError
        If it cannot be opened.
    """
    with open_text(path, dialect.encoding) as lines:
        yield CsvSource(lines, dialect)


def _rows(lines: TextLines, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Yield every row after the number of the line that it starts in."""
    csv.field_size_limit(MAX_LINE)
    reader = csv.reader(
        iter(lines),
        delimiter=dialect.separator,
        quotechar=dialect.quote,
        skipinitialspace=True,
        strict=True,
    )
    number = 1
    try:
        for row in reader:
            if row:
                yield number, row
            number = lines.number + 1
    except csv.Error as error:
        raise DataError(
            f"{lines.name}:{number}: expected the cells of a CSV file, found: {error}; check the "
            "quotes of the row that begins there, and 'separator'"
        ) from error
