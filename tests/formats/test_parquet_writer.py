from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from layerkit.arrays import Values
from layerkit.errors import FileError
from layerkit.formats.parquet_table import open_parquet
from layerkit.formats.parquet_writer import parquet_writer
from layerkit.formats.row_writers import WrittenColumn
from layerkit.formats.table import Cell

P: Values = np.array([0.1, 1 / 3, -2e-30], np.float32)
NAMES = ["name", "count, or not", "p"]


def written(path: Path, chunks: list[list[WrittenColumn]]) -> list[list[Cell]]:
    with path.open("wb") as stream, parquet_writer(stream, NAMES) as writer:
        for chunk in chunks:
            writer.write(chunk)
    with open_parquet(path) as source:
        assert source.columns == tuple(NAMES)
        columns: list[list[Cell]] = [[], [], []]
        for read in source.chunks(NAMES):
            for column, cells in zip(columns, read.columns, strict=True):
                column.extend(cells)
    return columns


def test_rows_are_what_they_were_with_the_types_of_their_arrays(tmp_path: Path) -> None:
    names: list[Cell] = ["a", 'b, "c"', "ü\n1.5"]
    chunk: list[WrittenColumn] = [names, np.array([1, -2, 3]), P]
    found = written(tmp_path / "a.parquet", [chunk, chunk])
    assert found[0] == names * 2
    assert found[1] == [1, -2, 3] * 2
    assert np.array(found[2], np.float32).tolist() == [*P.tolist()] * 2


def test_a_table_without_rows_has_its_columns(tmp_path: Path) -> None:
    nothing: list[WrittenColumn] = [[], np.array([], np.int64), P[:0]]
    assert written(tmp_path / "a.parquet", [nothing]) == [[], [], []]


def test_what_duckdb_cannot_write_is_an_error_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layerkit.formats.parquet_writer._MEMORY", "1 parsec")
    with pytest.raises(FileError, match="cannot write the Parquet file: "):
        written(tmp_path / "a.parquet", [[["a"], np.array([1]), P[:1]]])
