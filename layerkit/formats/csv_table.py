"""Tables in CSV files."""

from __future__ import annotations

import csv
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path

from layerkit.errors import DataError
from layerkit.formats.table import CHUNK_ROWS, Chunk, TableSource
from layerkit.formats.text import MAX_ROW, TextLines, check_text, open_text


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
        None: it has if one of its cells is neither a number nor empty.
    """

    separator: str = ","
    decimal: str = "."
    thousands: str = ""
    quote: str = '"'
    encoding: str = "utf-8"
    header: bool | None = True


class CsvSource(TableSource):
    """A CSV file that is open for reading; get one from `open_csv`."""

    def __init__(self, lines: TextLines, dialect: Dialect) -> None:
        self._lines = lines
        self._separator = dialect.separator
        self._width = 0
        self._rows = self._read(dialect)
        first = next(self._rows, None)
        if first is None:
            raise DataError(f"{lines.name}: expected a table, found an empty file")
        if _has_names(first[1], dialect):
            columns = [cell.strip() for cell in first[1]]
            check_text(lines.name, "".join(columns))
        else:
            columns = [f"column_{number}" for number in range(1, len(first[1]) + 1)]
            self._rows = chain([first], self._rows)
        self._width = len(columns)
        super().__init__(lines.name, columns, dialect.decimal, dialect.thousands)

    def indices(self, names: Sequence[str]) -> list[int]:
        """Return where the named columns are; see `TableSource.indices`."""
        try:
            return super().indices(names)
        except DataError as error:
            found = [each for each in ";,\t|" if len(self.columns) == 1 and each in self.columns[0]]
            if found:
                raise DataError(f"{error}; set the separator, such as {found[0]!r}") from None
            raise

    def chunks(self, names: Sequence[str], size: int = CHUNK_ROWS) -> Iterator[Chunk]:
        """Yield all rows, at most ``size`` at a time; see `TableSource.chunks`."""
        cells = [itemgetter(index) for index in self.indices(names)]
        while found := [*islice(self._rows, size)]:
            rows = [row for _, row in found]
            if {*map(len, rows)} != {self._width}:
                raise self._ragged(found)
            yield Chunk([[*map(get, rows)] for get in cells], [number for number, _ in found])

    def _read(self, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
        """Yield every row after the number of the line that it starts in."""
        if csv.field_size_limit() < MAX_ROW:
            csv.field_size_limit(MAX_ROW)  # of the whole process: never lower for other readers
        lines = self._lines
        reader = csv.reader(
            chain.from_iterable(lines.blocks()),
            delimiter=dialect.separator,
            quotechar=dialect.quote,
            skipinitialspace=dialect.separator != " ",
            strict=True,
        )
        number = 1
        try:
            for row in reader:
                # Nothing but blanks is a row only where there is nothing else in rows.
                if row and (len(row) > 1 or row[0] or self._width == 1):
                    yield number, row
                lines.number = reader.line_num
                number = lines.number + 1
        except csv.Error as error:
            raise DataError(
                f"{lines.name}:{number}: expected the cells of a CSV file, found: {error}; check "
                "the quotes of the row that begins there, and 'separator'"
            ) from error

    def _ragged(self, rows: Sequence[tuple[int, Sequence[str]]]) -> DataError:
        number, row = next((number, row) for number, row in rows if len(row) != self._width)
        others = [each for each in ";,\t|" if each != self._separator]
        hint = ""
        if self._width == 1 or len(row) == 1:
            hint = f"; set the separator, such as {others[0]!r}"
        if number == rows[-1][0] and next(self._rows, None) is None and self._lines.is_cut:
            hint = "; the file ends within that row: it may be cut short, get it again"
        cells = "1 cell" if self._width == 1 else f"{self._width} cells"
        return DataError(
            f"{self.name}:{number}: expected {cells}, one for each column, found {len(row)}{hint}"
        )


@contextmanager
def open_csv(path: Path, dialect: Dialect) -> Generator[CsvSource]:
    """Open a CSV file, gzip-compressed or plain; ``-`` is standard input.

    Blank lines are skipped, and blanks after separators.

    Raises
    ------
    DataError
        If its first line is damaged.
    FileError
        If it cannot be opened.
    """
    with open_text(path, dialect.encoding) as lines:
        yield CsvSource(lines, dialect)


def _has_names(row: Sequence[str], dialect: Dialect) -> bool:
    """Tell whether the first row has the names of the columns."""
    if dialect.header is not None:
        return dialect.header
    for cell in row:
        try:
            float(cell.replace(dialect.decimal, ".") or 0)
        except ValueError:
            return True
    return False
