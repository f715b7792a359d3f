"""Tables in JSON Lines files: an object on every line, a key for every column."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path

from layerkit.errors import DataError
from layerkit.formats.table import CHUNK_ROWS, Cell, Chunk, TableSource, shown
from layerkit.formats.text import TextLines, check_text, open_text
from layerkit.values import is_table

LOOKED_AT = 1000
"""How many objects at the beginning of a file tell its columns."""


class JsonlSource(TableSource):
    """A JSON Lines file that is open for reading; get one from `open_jsonl`.

    Its columns are the keys of its first 1000 objects. A key that an object lacks is a missing
    value; one that only later objects have cannot be read.
    """

    def __init__(self, lines: TextLines) -> None:
        records = _records(lines)
        first = [*islice(records, LOOKED_AT)]
        if not first:
            raise DataError(f"{lines.name}: expected a table, found an empty file")
        keys = dict.fromkeys(key for _, record in first for key in record)
        super().__init__(lines.name, [*keys])
        self._records = chain(first, records)

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
        return f"{self.name}:{row} key {shown(column)}"

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
        If one of its first lines is no JSON object.
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
            record: object = json.loads(line, object_pairs_hook=_unique)
        except DataError as error:
            raise DataError(f"{place}: {error}") from None
        except (ValueError, RecursionError) as error:
            if lines.number == 1:
                check_text(lines.name, line)
            raise DataError(
                f"{place}: expected a JSON object on the line, found: {error}{_hint(line)}"
            ) from error
        if not is_table(record):
            raise DataError(
                f"{place}: expected a JSON object on the line, found other JSON{_hint(line)}"
            )
        yield lines.number, record


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object; of a key that is there twice, JSON readers silently take the last."""
    record = dict(pairs)
    if len(record) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for at, key in enumerate(keys) if key in keys[:at])
        raise DataError(f"expected different keys in an object, found {shown(twice)} twice")
    return record


def _hint(line: str) -> str:
    is_list = line.lstrip().startswith("[")
    return "; write the objects of a list on lines of their own, without commas" if is_list else ""
