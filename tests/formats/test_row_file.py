from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from layerkit.arrays import Values
from layerkit.errors import DataError, FileError
from layerkit.formats.npy import NpyFile
from layerkit.formats.row_file import RowFile, stretches

VALUES = np.arange(60, dtype=np.float32).reshape(10, 3, 2)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "x.npy"
    np.save(path, VALUES)
    return path


def taken(rows: RowFile, chosen: list[int]) -> Values:
    out = np.zeros((len(chosen), 3, 2), np.float32)
    rows.take(np.array(chosen), out)
    return out


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.parametrize(
    "chosen", [[0], [9, 0, 4], [2, 3, 4], [1, 2, 7, 8, 9, 3], [5, 5, 5], [4, 3, 2], [*range(10)]]
)
def test_rows_are_those_that_numpy_takes(path: Path, chosen: list[int]) -> None:
    np.testing.assert_array_equal(taken(NpyFile(path).rows(), chosen), VALUES[chosen])


def test_rows_can_be_written_into_an_array_of_another_shape(path: Path) -> None:
    out = np.zeros((2, 6), np.float32)
    NpyFile(path).rows().take(np.array([7, 1]), out)
    np.testing.assert_array_equal(out, VALUES[[7, 1]].reshape(2, 6))


def test_the_file_stays_open_as_long_as_its_rows(path: Path) -> None:
    before = open_files()
    rows = NpyFile(path).rows()
    path.unlink()
    np.testing.assert_array_equal(taken(rows, [3]), VALUES[[3]])
    del rows
    assert open_files() == before


def test_a_file_cut_short_while_it_is_read_is_an_error_and_not_the_end_of_the_process(
    path: Path,
) -> None:
    rows = NpyFile(path).rows()
    os.truncate(path, path.stat().st_size - 4)
    for chosen in ([9], [0, 9], [0]):
        with pytest.raises(DataError, match=r"x\.npy: expected a file that stays as it is"):
            taken(rows, chosen)


def test_a_file_written_to_while_it_is_read_is_an_error_even_if_its_size_stays(path: Path) -> None:
    rows = NpyFile(path).rows()
    assert taken(rows, [0]).size
    with path.open("r+b") as file:
        file.seek(-4, os.SEEK_END)
        file.write(b"0000")
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    with pytest.raises(DataError, match="found it changed"):
        taken(rows, [0])


def test_what_the_system_does_not_read_is_a_file_error(path: Path) -> None:
    rows = NpyFile(path).rows()
    opened = [each for each in Path("/proc/self/fd").iterdir() if each.resolve() == path]
    assert opened
    with path.open("ab") as file:
        for each in opened:  # the map has one of its own
            os.dup2(file.fileno(), int(each.name))  # not open to be read
    with pytest.raises(FileError, match=r"x\.npy: cannot be read: Bad file descriptor"):
        taken(rows, [1])


@pytest.mark.parametrize("size", [1, 6, 13, 24, 1000])
def test_stretches_of_a_file_are_those_of_memory(path: Path, size: int) -> None:
    in_memory = [(start, part.tolist()) for start, part in stretches(VALUES, None, size)]
    rows = NpyFile(path).rows()
    assert [(at, part.tolist()) for at, part in stretches(rows.array, rows, size)] == in_memory
    assert in_memory[0][0] == 0
    assert sum(len(part) for _, part in in_memory) == 10
    assert max(len(part) for _, part in in_memory) == min(10, max(1, size // 6))


def test_an_empty_array_has_no_stretches() -> None:
    assert list(stretches(np.zeros((0, 3)), None, 4)) == []
