from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from layerkit.errors import DataError, FileError
from layerkit.formats.weights import load_arrays, read_arrays, save_arrays

ARRAYS = {"a.weight": np.arange(6.0).reshape(2, 3), "a.bias": np.arange(3.0)}


def empty() -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    return {name: np.zeros(array.shape) for name, array in ARRAYS.items()}


def test_arrays_come_back_as_they_were(tmp_path: Path) -> None:
    save_arrays(tmp_path / "m.safetensors", ARRAYS)
    into = empty()
    load_arrays(tmp_path / "m.safetensors", into)
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(into[name], array)


def test_the_same_arrays_make_the_same_bytes(tmp_path: Path) -> None:
    assert save_arrays(tmp_path / "a", ARRAYS) == save_arrays(tmp_path / "b", ARRAYS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"nowhere\.safetensors: cannot read the weights"):
        load_arrays(tmp_path / "nowhere.safetensors", empty())


def test_a_cut_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    content = save_arrays(path, ARRAYS)
    path.write_bytes(content[:-4])
    with pytest.raises(DataError, match="expected a safetensors file"):
        load_arrays(path, empty())


def test_a_file_cut_short_anywhere_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    content = save_arrays(path, ARRAYS)
    for length in range(len(content)):
        path.write_bytes(content[:length])
        with pytest.raises(DataError, match=str(path)):
            load_arrays(path, empty())
        with pytest.raises(DataError, match=str(path)):
            read_arrays(path)


def test_no_damaged_byte_of_a_header_gives_other_arrays_or_another_error(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    content = save_arrays(path, ARRAYS)
    refused, length = 0, 8 + int.from_bytes(content[:8], "little")
    for at in range(length):
        for mask in (1 << at % 8, 0x80):
            damaged = bytearray(content)
            damaged[at] ^= mask
            path.write_bytes(damaged)
            into = empty()
            try:
                load_arrays(path, into)
            except DataError:
                refused += 1
            else:
                for name, array in ARRAYS.items():
                    np.testing.assert_array_equal(into[name], array)
    assert refused > length


def test_other_names_are_refused(tmp_path: Path) -> None:
    save_arrays(tmp_path / "m", {"b.weight": ARRAYS["a.weight"]})
    with pytest.raises(DataError, match=r"expected the arrays a\.weight, a\.bias; found b\.weight"):
        load_arrays(tmp_path / "m", empty())


def test_another_shape_is_refused(tmp_path: Path) -> None:
    save_arrays(tmp_path / "m", {**ARRAYS, "a.bias": np.arange(4.0)})
    with pytest.raises(DataError, match=r"'a\.bias' as float64 \(3,\), found float64 \(4,\)"):
        load_arrays(tmp_path / "m", empty())


def test_a_directory_that_is_not_there_cannot_be_written_to(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot write"):
        save_arrays(tmp_path / "nowhere" / "m", ARRAYS)
