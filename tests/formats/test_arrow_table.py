from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow.feather import write_feather
from pyarrow.ipc import IpcWriteOptions, new_file

from layerkit.errors import DataError, FileError
from layerkit.formats.arrow_table import open_arrow
from layerkit.formats.table import Cell


def write(path: Path, compression: str = "lz4", **columns: pa.Array | Sequence[Cell]) -> Path:
    write_feather(pa.table(columns), str(path), compression)
    return path


def read(path: Path, *names: str, size: int = 2) -> list[tuple[int, list[Cell]]]:
    with open_arrow(path) as source:
        return [
            (number, [column[row] for column in chunk.columns])
            for chunk in source.chunks(names or source.columns, size)
            for row, number in enumerate(chunk.rows)
        ]


@pytest.mark.parametrize("compression", ["lz4", "zstd", "uncompressed"])
def test_cells_keep_their_types_and_rows_are_counted_from_1(
    tmp_path: Path, compression: str
) -> None:
    path = write(
        tmp_path / "data.arrow",
        compression,
        a=pa.array([1, None], pa.int8()),
        b=pa.array([1.5, float("nan")], pa.float16()),
        c=["é", ""],
        d=pa.array([Decimal("2.25"), Decimal(-3)], pa.decimal128(9, 2)),
        e=[True, None],
        f=pa.array([None, None], pa.null()),
        g=pa.array(["x", None], pa.dictionary(pa.int8(), pa.string())),
        h=pa.array(["y", "z"], pa.large_string()),
        i=pa.array([2**64 - 1, 0], pa.uint64()),
    )
    rows = read(path)
    assert rows[0] == (1, [1, 1.5, "é", 2.25, True, None, "x", "y", 2**64 - 1])
    assert str(rows[1]) == "(2, [None, nan, '', -3.0, None, None, None, 'z', 0])"
    assert [*map(type, rows[0][1][:5])] == [int, float, str, float, bool]


def test_views_of_texts_are_read(tmp_path: Path) -> None:
    table = pa.table({"a": pa.array(["short", "longer than twelve"], pa.string_view())})
    with new_file(str(tmp_path / "data.arrow"), table.schema, options=IpcWriteOptions()) as file:
        file.write_table(table)
    assert read(tmp_path / "data.arrow") == [(1, ["short"]), (2, ["longer than twelve"])]


def test_rows_come_in_their_order_a_chunk_at_a_time(tmp_path: Path) -> None:
    table = pa.table({"a": [*range(30_000)], "b": [f"t{row % 3}" for row in range(30_000)]})
    write_feather(table, str(tmp_path / "data.feather"), chunksize=7_000)
    with open_arrow(tmp_path / "data.feather") as source:
        assert source.columns == ("a", "b")
        expected = 1
        for chunk in source.chunks(["b", "a"], 1_000):
            assert [*chunk.rows] == [*range(expected, expected + len(chunk))]
            assert [*chunk.columns[1]] == [row - 1 for row in chunk.rows]
            assert [*chunk.columns[0]] == [f"t{(row - 1) % 3}" for row in chunk.rows]
            expected += len(chunk)
        assert expected == 30_001
        assert source.place(812, "b") == f'{tmp_path / "data.feather"}: row 812 column "b"'


def test_columns_that_are_no_cells_are_told_if_they_are_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "data.arrow", a=pa.array([[1, 2]]), b=[1])
    assert read(path, "b") == [(1, [1])]
    with (
        pytest.raises(DataError, match=r'data\.arrow: .* in column "a", found list<'),
        open_arrow(path) as source,
    ):
        source.indices(["a"])


def test_a_text_that_no_table_has_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "data.arrow", a=["x" * (1 << 23)])
    with pytest.raises(DataError, match="expected texts of up to 4194304 characters"):
        read(path)


def test_a_file_that_promises_more_rows_than_it_can_hold_is_refused(tmp_path: Path) -> None:
    table = pa.table({"a": pa.nulls(1 << 25)})
    write_feather(table, str(tmp_path / "data.arrow"), chunksize=1 << 25)
    with pytest.raises(DataError, match=r"found 33554432 rows in \d+ bytes"):
        read(tmp_path / "data.arrow")


def test_a_file_that_is_cut_anywhere_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path / "data.arrow", a=[*range(100)])
    data = path.read_bytes()
    for size in range(0, len(data), 7):
        path.write_bytes(data[:size])
        with pytest.raises(DataError):
            read(path)


@pytest.mark.parametrize("compression", ["lz4", "uncompressed"])
def test_a_flipped_bit_is_an_error_of_ours_or_another_value(
    tmp_path: Path, compression: str
) -> None:
    path = write(tmp_path / "data.arrow", compression, a=[*range(50)], b=["some text"] * 50)
    data = path.read_bytes()
    generator = random.Random(1)  # noqa: S311
    refused = 0
    for _ in range(600):
        changed = bytearray(data)
        changed[generator.randrange(len(data))] ^= 1 << generator.randrange(8)
        path.write_bytes(changed)
        try:
            read(path)
        except DataError:
            refused += 1
    assert refused > 60


def test_other_files_are_told(tmp_path: Path) -> None:
    (tmp_path / "empty.arrow").touch()
    (tmp_path / "text.arrow").write_text("a,b\n1,2\n")
    (tmp_path / "old.feather").write_bytes(b"FEA1" + bytes(100))
    for name, found in (
        ("empty.arrow", "an empty file"),
        ("text.arrow", "b'a,b"),
        ("old.feather", "Feather of version 1"),
    ):
        with pytest.raises(DataError, match=rf"expected an Arrow file, .*found {found}"):
            read(tmp_path / name)
    with pytest.raises(FileError):
        read(tmp_path / "none.arrow")
