from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from layerkit.errors import DataError
from layerkit.formats.table import CHUNK_ROWS, Cell, Chunk, TableSource, shown


class Empty(TableSource):
    """A table without rows."""

    def chunks(self, names: Sequence[str], size: int = CHUNK_ROWS) -> Iterator[Chunk]:
        yield Chunk([[] for _ in self.indices(names)], [])


def test_columns_are_found_by_their_names() -> None:
    table = Empty("data.csv", ["a", "b", "c"])
    assert table.indices(["c", "a"]) == [2, 0]
    assert table.place(7, "c") == 'data.csv:7:3 column "c"'
    assert [len(chunk) for chunk in table.chunks(["a"])] == [0]


def test_columns_that_are_not_there_are_told_with_those_that_are_and_the_nearest() -> None:
    table = Empty("data.csv", ["age", "sex", "mass"])
    with pytest.raises(DataError) as caught:
        table.indices(["sex", "Agee", "x\ny"])
    assert str(caught.value) == (
        r'data.csv: expected columns "Agee", "x\ny", found columns "age", "sex", "mass"; '
        "did you mean 'age'?"
    )
    with pytest.raises(DataError, match=r'expected column "z", found no columns$'):
        Empty("data.csv", []).indices(["z"])


def test_of_many_columns_only_the_first_are_shown() -> None:
    with pytest.raises(DataError, match=r'"c0", .*, "c19" and 980 more$'):
        Empty("data.csv", [f"c{number}" for number in range(1000)]).indices(["zzz"])


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, "none"),
        ("n/a", '"n/a"'),
        ('a\n"é"', r'"a\n\"é\""'),
        ("\ud800", r'"\ud800"'),
        ("x" * 10**6, f'"{"x" * 59}...'),
        (1.5, "1.5"),
        (True, "true"),
        (float("nan"), "NaN"),
        (10**4000, "a longer integer"),
    ],
    ids=["none", "text", "lines", "surrogate", "long", "number", "truth", "nan", "integer"],
)
def test_a_cell_is_shown_on_one_short_line(cell: Cell, text: str) -> None:
    assert shown(cell) == text
