"""Tables in JSON Lines files: an object on every line, a key for every column."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path

from layerkit.errors import DataError
from layerkit.formats.table import CHUNK_ROWS, Cell, Chunk, TableSource, check_column_names
from layerkit.formats.text import TextLines, open_text
from layerkit.values import is_table


class JsonlSource(TableSource):
    """A JSON Lines file that is open for reading; get one from `open_jsonl`.

    Its columns are the keys of the first object. A key that a later object lacks is a missing
    value; one that only later objects have cannot be read.
    """

    def __init__(self, lines: TextLines) -> None:
        self._records = _records(lines)
        first = next(self._records, None)
        columns: list[str] = []
        if first is not None:
            columns = [*first[1]]
            self._records = chain([first], self._records)
        check_column_names(lines.name, columns)
        super().__init__(lines.name, columns)

    def chunks(self, names: Sequence[str], size: int = CHUNK_ROWS) -> Iterator[Chunk]:
        """Yield all rows, at most ``size`` at a time; see `TableSource.chunks`."""
        self.indices(names)
        while found := [*islice(self._records, size)]:
            rows = [number for number, _ in found]
            columns = [
                [self._cell(record.get(name), number, name) for number, record in found]
                for name in names
            ]
            yield Chunk(columns, rows)

    def place(self, row: int, column: str) -> str:
        """Return how messages say where a value is: ``data.jsonl:812 key "age"``."""
        return f'{self.name}:{row} key "{column}"'

    def _cell(self, value: object, row: int, column: str) -> Cell:
        if value is None or isinstance(value, str | int | float):
            return value
        raise DataError(
            f"{self.place(row, column)}: expected a number, a text, true, false or null, found "
            f"{'an object' if is_table(value) else 'a list'}"
        )


@contextmanager
def open_jsonl(path: Path) -> Generator[JsonlSource]:
    """Open a JSON Lines file, gzip-compressed or plain; ``-`` is standard input.

    Blank lines are skipped.

    Raises
    ------
    DataError
        If its first line is no JSON object.
    FileError
        If it cannot be opened.
    """
    with open_text(path, "utf-8") as lines:
        yield JsonlSource(lines)


def _records(lines: TextLines) -> Iterator[tuple[int, Mapping[str, object]]]:
    """Yield every object after the number of its line."""
    for line in lines:
        if not line.strip():
            continue
        place = f"{lines.name}:{lines.number}"
        try:
            record: object = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise DataError(
                f"{place}: expected a JSON object on the line, found: {error}"
            ) from error
        if not is_table(record):
            raise DataError(f"{place}: expected a JSON object, found other JSON")
        yield lines.number, record
