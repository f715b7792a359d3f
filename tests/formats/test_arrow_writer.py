from __future__ import annotations

import os
import threading
from pathlib import Path

import numpy as np

from layerkit.arrays import Values
from layerkit.formats.arrow_table import open_arrow
from layerkit.formats.arrow_writer import arrow_writer
from layerkit.formats.row_writers import WrittenColumn
from layerkit.formats.table import Cell

P: Values = np.array([0.1, 1 / 3, -2e-30], np.float32)
NAMES = ["name", "count, or not", "p"]


def read(path: Path) -> list[list[Cell]]:
    with open_arrow(path) as source:
        assert source.columns == tuple(NAMES)
        columns: list[list[Cell]] = [[], [], []]
        for chunk in source.chunks(NAMES):
            for column, cells in zip(columns, chunk.columns, strict=True):
                column.extend(cells)
    return columns


def written(path: Path, chunks: list[list[WrittenColumn]]) -> list[list[Cell]]:
    with path.open("wb") as stream, arrow_writer(stream, NAMES) as writer:
        for chunk in chunks:
            writer.write(chunk)
    return read(path)


def test_rows_are_what_they_were_with_the_types_of_their_arrays(tmp_path: Path) -> None:
    names: list[Cell] = ["a", None, "ü\n1.5"]
    chunk: list[WrittenColumn] = [names, np.array([1, -2, 3]), P]
    found = written(tmp_path / "a.arrow", [chunk, chunk])
    assert found[0] == names * 2
    assert found[1] == [1, -2, 3] * 2
    assert np.array(found[2], np.float32).tolist() == [*P.tolist()] * 2


def test_cells_become_text(tmp_path: Path) -> None:
    cells: list[Cell] = [True, 1.5, 3]
    assert written(tmp_path / "a.arrow", [[cells, P, P]])[0] == ["true", "1.5", "3"]


def test_many_rows_stay_in_their_order(tmp_path: Path) -> None:
    chunks: list[list[WrittenColumn]] = [
        [[str(start)] * 300, np.arange(start, start + 300), np.zeros(300)]
        for start in range(0, 90_000, 300)
    ]
    assert written(tmp_path / "a.arrow", chunks)[1] == [*range(90_000)]


def test_a_table_without_rows_has_its_columns(tmp_path: Path) -> None:
    nothing: list[WrittenColumn] = [[], np.array([], np.int64), P[:0]]
    assert written(tmp_path / "a.arrow", [nothing]) == [[], [], []]


def test_a_pipe_can_be_written_into(tmp_path: Path) -> None:
    pipe, path = tmp_path / "pipe", tmp_path / "a.arrow"
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: path.write_bytes(pipe.read_bytes()))
    reader.start()
    with pipe.open("wb") as stream, arrow_writer(stream, NAMES) as writer:
        writer.write([["a"], np.array([1]), P[:1]])
    reader.join()
    assert read(path)[0] == ["a"]
