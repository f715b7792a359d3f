"""A dataset: rows of text whose columns have as many characters in every line."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import accumulate, islice, pairwise
from pathlib import Path
from typing import Annotated, Literal, final

from annotated_types import Gt

from layerkit.plugin import (
    CHUNK_ROWS,
    Chunk,
    Table,
    TableConfig,
    TableSource,
    TextLines,
    open_text,
)


class FixedWidthSource(TableSource):
    """A file that is open for reading."""

    def __init__(self, lines: TextLines, widths: Mapping[str, int]) -> None:
        super().__init__(lines.name, [*widths])
        ends = accumulate(widths.values(), initial=0)
        self._parts = [slice(start, end) for start, end in pairwise(ends)]
        self._lines = lines

    def chunks(self, names: Sequence[str], size: int = CHUNK_ROWS) -> Iterator[Chunk]:
        """Yield the cells of the columns asked for, with the numbers of their lines."""
        parts = [self._parts[index] for index in self.indices(names)]
        numbered = enumerate(self._lines, start=1)
        while rows := [*islice(numbered, size)]:
            columns = [[line[part] for _, line in rows] for part in parts]
            yield Chunk(columns, [number for number, _ in rows])


class FixedWidthConfig(TableConfig):
    """Tables in text files whose columns have fixed widths.

    Attributes
    ----------
    widths
        The number of characters of each column of the file, by its name, in their order.
    """

    type: Literal["fixed_width"] = "fixed_width"
    widths: Mapping[str, Annotated[int, Gt(0)]]

    @contextmanager
    def open(self, path: Path) -> Generator[TableSource]:
        """Open a file."""
        with open_text(path, "utf-8") as lines:
            yield FixedWidthSource(lines, self.widths)


@final
class FixedWidth(Table[FixedWidthConfig]):
    """See `FixedWidthConfig`."""
