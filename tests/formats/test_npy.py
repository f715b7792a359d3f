from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.lib import format as npy

from layerkit.errors import DataError, FileError
from layerkit.formats.npy import NpyFile, read_npy_header


def header_of(shape: tuple[int, ...], descr: str) -> bytes:
    stream = io.BytesIO()
    npy.write_array_header_1_0(stream, {"descr": descr, "fortran_order": False, "shape": shape})
    return stream.getvalue()


@pytest.mark.parametrize("dtype", ["?", "u1", "<i2", ">i4", "<f2", ">f4", "<f8", "<u8"])
def test_arrays_of_numbers_come_in_the_byte_order_of_this_machine(
    tmp_path: Path, dtype: str
) -> None:
    file = NpyFile(tmp_path / "x.npy")
    np.save(file.path, np.array([[0, 1, 2], [3, 4, 5]], dtype))
    values = file.read()
    assert values.dtype == np.dtype(dtype).newbyteorder("=")
    assert values.tolist() == np.array([[0, 1, 2], [3, 4, 5]], dtype).tolist()
    assert (file.header().shape, file.header().dtype) == ((2, 3), np.dtype(dtype))


def test_the_order_of_axes_is_ours_where_they_are_read_and_refused_where_rows_are(
    tmp_path: Path,
) -> None:
    file = NpyFile(tmp_path / "x.npy")
    np.save(file.path, np.asfortranarray([[0, 1, 2], [3, 4, 5]]))
    assert file.read().tolist() == [[0, 1, 2], [3, 4, 5]]
    with pytest.raises(DataError, match=r"x\.npy: .* save numpy\.ascontiguousarray\(x\)$"):
        file.rows()


def test_a_file_is_as_long_as_its_header_says(tmp_path: Path) -> None:
    file = NpyFile(tmp_path / "x.npy")
    for data, found in ((bytes(19), "found 19; the file is cut short"), (bytes(21), "found more")):
        file.path.write_bytes(header_of((5,), "<f4") + data)
        for method in (file.header, file.read, file.rows):
            with pytest.raises(DataError, match=f"expected 20 bytes after the header, {found}"):
                method()


def test_a_header_that_declares_the_moon_costs_no_memory(tmp_path: Path) -> None:
    file = NpyFile(tmp_path / "x.npy")
    file.path.write_bytes(header_of((10**12, 10**6), "<f8") + bytes(8))
    for method in (file.header, file.read, file.rows):
        with pytest.raises(DataError, match="found 8; the file is cut short"):
            method()
    file.path.write_bytes(b"\x93NUMPY\x02\x00\xff\xff\xff\xff")
    with pytest.raises(DataError, match="found: a header of 4294967295 bytes"):
        file.header()


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    file = NpyFile(tmp_path / "x.npy")
    np.save(file.path, np.array([{}, None]))
    for method in (file.header, file.read, file.rows):
        with pytest.raises(DataError, match="expected an array of numbers, found object"):
            method()


@pytest.mark.parametrize("descr", ["<U3", "<c8", "<M8[s]", "|V4"])
def test_headers_of_anything_but_numbers_are_refused(descr: str) -> None:
    with pytest.raises(DataError, match="x: expected an array of numbers"):
        read_npy_header(io.BytesIO(header_of((1,), descr)), "x")


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.npy", tmp_path):
        with pytest.raises(FileError, match=str(path)):
            NpyFile(path).header()


@pytest.mark.filterwarnings("ignore")  # NumPy warns of odd headers before it refuses them
def test_a_file_cut_short_anywhere_is_refused(tmp_path: Path) -> None:
    file = NpyFile(tmp_path / "x.npy")
    np.save(file.path, np.arange(6.0))
    whole = file.path.read_bytes()
    for length in range(len(whole)):
        file.path.write_bytes(whole[:length])
        for method in (file.header, file.read, file.rows):
            with pytest.raises(DataError, match=str(file.path)):
                method()


@pytest.mark.filterwarnings("ignore")
def test_no_damaged_byte_of_a_header_raises_anything_but_our_own_errors(tmp_path: Path) -> None:
    file = NpyFile(tmp_path / "x.npy")
    np.save(file.path, np.arange(6.0).reshape(2, 3))
    whole, refused = file.path.read_bytes(), 0
    for at in range(len(whole)):
        for mask in (1 << at % 8, 0x80):
            damaged = bytearray(whole)
            damaged[at] ^= mask
            file.path.write_bytes(damaged)
            try:
                file.read()
                file.rows()
            except DataError:
                refused += 1
    assert refused > 64  # spaces pad the header
