from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from layerkit.errors import DataError, FileError
from layerkit.formats.parquet_table import open_parquet
from layerkit.formats.table import Cell


def write(path: Path, query: str) -> Path:
    # Written under a plain name: duckdb makes something else of others.
    path.parent.mkdir(exist_ok=True)
    plain = path.parent / "plain"
    duckdb.execute(f"COPY ({query}) TO '{plain}' (FORMAT parquet)")
    return plain.rename(path)


def read(path: Path, *names: str, size: int = 2) -> list[tuple[int, list[Cell]]]:
    with open_parquet(path) as source:
        return [
            (number, [column[row] for column in chunk.columns])
            for chunk in source.chunks(names or source.columns, size)
            for row, number in enumerate(chunk.rows)
        ]


def test_cells_keep_their_types_and_rows_are_counted_from_1(tmp_path: Path) -> None:
    query = """SELECT 1::UTINYINT AS a, 1.5::FLOAT AS "b ""c", 'é' AS d, 2.25::DECIMAL(9, 2) AS e,
        true AS f, NULL AS g UNION ALL SELECT NULL, 'nan'::FLOAT, '', -3, NULL, NULL"""
    path = write(tmp_path / "data.parquet", query)
    rows = read(path, "a", 'b "c', "d", "e", "f", "g")
    assert rows[0] == (1, [1, 1.5, "é", 2.25, True, None])
    assert str(rows[1]) == "(2, [None, nan, '', -3.0, None, None])"
    assert [*map(type, rows[0][1][:5])] == [int, float, str, float, bool]


def test_rows_come_in_their_order_a_chunk_at_a_time(tmp_path: Path) -> None:
    query = "SELECT range AS a, 't' || range % 3 AS b FROM range(300000)"
    path = write(tmp_path / "data.parquet", query)
    with open_parquet(path) as source:
        assert source.columns == ("a", "b")
        expected = 1
        for chunk in source.chunks(["b", "a"], 10_000):
            assert [*chunk.rows] == [*range(expected, expected + len(chunk))]
            assert [*chunk.columns[1]] == [row - 1 for row in chunk.rows]
            expected += len(chunk)
        assert expected == 300_001
        assert source.place(812, "b") == f'{path}: row 812 column "b"'


@pytest.mark.parametrize(
    "name",
    ["a*.parquet", "a?.parquet", "a[b].parquet", "a{b,c}.parquet", "a b'\".parquet", "**", "~"],
)
def test_a_path_is_one_file_and_no_pattern(tmp_path: Path, name: str) -> None:
    write(tmp_path / "ab.parquet", "SELECT 1 AS a")
    write(tmp_path / "axb.parquet", "SELECT 1 AS a")
    with pytest.raises(FileError):
        read(tmp_path / name)
    write(tmp_path / name, "SELECT 2 AS a")
    assert read(tmp_path / name) == [(1, [2])]


def test_a_path_is_no_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for address in ("s3://x/y.parquet", "http://localhost:1/x.parquet", "https:/x", "hf://x"):
        with pytest.raises(FileError, match="No such file"):
            read(Path(address))
    Path("s3:").mkdir()
    write(Path("s3:/y.parquet"), "SELECT 2 AS a")
    assert read(Path("s3:/y.parquet")) == [(1, [2])]


def test_directories_in_the_path_make_no_columns(tmp_path: Path) -> None:
    path = write(tmp_path / "year=2020" / "data.parquet", "SELECT 2 AS a")
    assert read(path) == [(1, [2])]


def test_no_other_file_and_no_setting_can_be_reached(tmp_path: Path) -> None:
    path = write(tmp_path / "data.parquet", "SELECT 1 AS a")
    other = write(tmp_path / "other.parquet", "SELECT 1 AS a")
    with open_parquet(path) as source:
        for query in (
            f"FROM '{other}'",
            "SELECT * FROM 'http://localhost:1/x.parquet'",
            "INSTALL httpfs",
            "SET enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                source.connection.execute(query)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("DATE '2020-01-01'", "DATE"),
        ("[1, 2]", r"INTEGER\[\]"),
        ("{'a': 1}", "STRUCT"),
        ("'x'::BLOB", "BLOB"),
    ],
)
def test_columns_that_are_no_cells_are_told_if_they_are_asked_for(
    tmp_path: Path, value: str, found: str
) -> None:
    path = write(tmp_path / "data.parquet", f"SELECT {value} AS a, 1 AS b")
    assert read(path, "b") == [(1, [1])]
    with (
        pytest.raises(DataError, match=rf'data\.parquet: .* in column "a", found {found}'),
        open_parquet(path) as source,
    ):
        source.indices(["a"])


def test_a_file_that_is_cut_anywhere_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path / "data.parquet", "SELECT range AS a FROM range(100)")
    data = path.read_bytes()
    for size in range(len(data)):
        path.write_bytes(data[:size])
        with pytest.raises(DataError, match=r"data\.parquet: expected a (whole )?Parquet file"):
            read(path)


def test_a_damaged_file_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path / "data.parquet", "SELECT range AS a FROM range(100)")
    data = path.read_bytes()
    for wrong in (
        data[:4] + b"\xff" * (len(data) - 8) + data[-4:],
        data[:4] + data[-4:],
        data[:-8] + b"\xff\xff\xff\x7f" + data[-4:],
        data[: len(data) // 2] + data[-4:],
        b"PAR1",
        b"a,b\n1,2\n",
    ):
        path.write_bytes(wrong)
        with pytest.raises(DataError, match=r"data\.parquet: expected a (whole )?Parquet file"):
            read(path)


def test_far_more_rows_than_a_file_has_room_for_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "data.parquet", "SELECT 1::TINYINT AS a FROM range(20000000)")
    size = path.stat().st_size
    if size * 200 > 20_000_000:
        pytest.fail(f"expected a small file of equal rows, found {size} bytes")
    with pytest.raises(DataError, match="expected at most 200 rows for each byte of the file"):
        read(path)


def test_a_text_of_any_length_is_not_read_into_memory(tmp_path: Path) -> None:
    path = write(tmp_path / "data.parquet", "SELECT repeat('x', 5000000) AS a, 1 AS b")
    assert read(path, "b") == [(1, [1])]
    with pytest.raises(DataError, match="a text of more than 4194304 characters"):
        read(path, "a")


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileError, match="found a named pipe"):
        read(tmp_path / "pipe")
