from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.lib import format as npy

from layerkit.arrays import Values
from layerkit.errors import DataError, FileError, LayerkitError
from layerkit.formats.npz import open_npz


def read(path: Path, name: str) -> Values:
    with open_npz(path) as archive:
        return archive.read(name)


def write_member(path: Path, content: bytes, compression: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("a.npy", content)


def member(shape: tuple[int, ...], descr: str, data: bytes) -> bytes:
    stream = io.BytesIO()
    header = {"descr": descr, "fortran_order": False, "shape": shape}
    npy.write_array_header_1_0(stream, header)
    return stream.getvalue() + data


@pytest.mark.parametrize("dtype", ["?", "u1", "<i2", ">i4", "<f2", ">f4", "<f8", "<u8"])
def test_arrays_of_numbers_come_in_the_byte_order_of_this_machine(
    tmp_path: Path, dtype: str
) -> None:
    path = tmp_path / "arrays.npz"
    np.savez_compressed(path, a=np.array([[0, 1, 2], [3, 4, 5]], dtype))
    values = read(path, "a")
    assert values.dtype == np.dtype(dtype).newbyteorder("=")
    assert values.tolist() == np.array([[0, 1, 2], [3, 4, 5]], dtype).tolist()


def test_axes_in_fortran_order_come_in_ours(tmp_path: Path) -> None:
    path = tmp_path / "arrays.npz"
    np.savez(path, a=np.asfortranarray([[0, 1, 2], [3, 4, 5]]))
    values = read(path, "a")
    assert values.flags.c_contiguous
    assert values.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_format_2_is_read_and_later_ones_are_refused(tmp_path: Path) -> None:
    path, content = tmp_path / "arrays.npz", io.BytesIO()
    npy.write_array(content, np.arange(3.0), version=(2, 0))
    write_member(path, content.getvalue())
    assert read(path, "a").tolist() == [0, 1, 2]
    write_member(path, b"\x93NUMPY\x03" + content.getvalue()[7:])
    with pytest.raises(DataError, match=r"found: format \(3, 0\)"):
        read(path, "a")


def test_headers_are_read_without_the_values(tmp_path: Path) -> None:
    path = tmp_path / "arrays.npz"
    values = b"1234" * 100_000  # ZIP reads ahead, to the end of what is small
    write_member(path, member((50_000, 2), "<f4", values))
    path.write_bytes(path.read_bytes().replace(b"12341234PK", b"12341235PK"))
    with open_npz(path) as archive:
        header = archive.header("a")
    with pytest.raises(DataError, match="CRC"):
        read(path, "a")
    assert (header.name, header.shape, header.dtype) == (
        f"'a' in {path}",
        (50_000, 2),
        np.dtype(np.float32),
    )


def test_names_are_those_of_the_arrays(tmp_path: Path) -> None:
    path = tmp_path / "arrays.npz"
    np.savez(path, inputs=np.zeros(1), targets=np.zeros(1))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("README", "not an array")
    with open_npz(path) as opened:
        assert opened.names() == ["inputs", "targets"]


def test_a_missing_array_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    path = tmp_path / "arrays.npz"
    np.savez(path, inputs=np.zeros(1), targets=np.zeros(1))
    with pytest.raises(
        DataError, match=r"named 'input', found inputs, targets; did you mean 'inputs'\?$"
    ):
        read(path, "input")
    with pytest.raises(DataError, match=r"named 'x', found inputs, targets$"):
        read(path, "x")


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    path = tmp_path / "arrays.npz"
    np.savez(path, a=np.array([{}, None]))
    with pytest.raises(DataError, match="expected an array of numbers, found object"):
        read(path, "a")


@pytest.mark.parametrize("descr", ["<U3", "<c8", "<M8[s]", "|V4"])
def test_arrays_of_anything_but_numbers_are_refused(tmp_path: Path, descr: str) -> None:
    path = tmp_path / "arrays.npz"
    write_member(path, member((1,), descr, bytes(12)))
    with pytest.raises(DataError, match="expected an array of numbers"):
        read(path, "a")


def test_an_array_that_is_not_as_long_as_its_header_says_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "arrays.npz"
    write_member(path, member((5,), "<f4", bytes(19)))
    with pytest.raises(DataError, match="expected 20 bytes after the header, found 19"):
        read(path, "a")
    write_member(path, member((5,), "<f4", bytes(21)))
    with pytest.raises(DataError, match="expected 20 bytes after the header, found more"):
        read(path, "a")


def test_a_header_that_the_file_is_too_small_for_is_refused_before_values_are_read(
    tmp_path: Path,
) -> None:
    path = tmp_path / "arrays.npz"
    write_member(path, member((10**12, 4), "<f4", bytes(16)))
    with (
        open_npz(path) as archive,
        pytest.raises(DataError, match="expected 16000000000000 bytes after the header, found 16;"),
    ):
        archive.header("a")


@pytest.mark.parametrize("dtype", ["?", "u1", "<i2", ">i4", "<f2", ">f4", "<f8"])
def test_rows_can_stay_in_a_file_that_is_not_compressed(tmp_path: Path, dtype: str) -> None:
    path = tmp_path / "arrays.npz"
    values = (np.arange(24) % 7).reshape(4, 3, 2).astype(dtype)
    np.savez(path, first=np.ones(3), a=values)
    with open_npz(path) as archive:
        rows = archive.rows("a")
    out = np.zeros((3, 3, 2), dtype)
    rows.take(np.array([3, 0, 1]), out)
    assert out.tolist() == values[[3, 0, 1]].tolist()
    assert rows.array.tolist() == values.tolist()


def test_rows_of_a_compressed_or_damaged_array_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "arrays.npz"
    np.savez_compressed(path, a=np.ones((2, 2)))
    with (
        open_npz(path) as archive,
        pytest.raises(DataError, match=r"numpy\.savez, or set mapped = false"),
    ):
        archive.rows("a")
    values = np.arange(40.0).reshape(5, 8)
    np.savez(path, a=values)
    path.write_bytes(path.read_bytes().replace(values[3].tobytes(), bytes(64)))
    with pytest.raises(DataError, match="CRC"), open_npz(path) as archive:
        archive.rows("a")


def test_a_header_that_declares_the_moon_costs_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "arrays.npz"
    write_member(path, member((2**40, 2**40), "<f8", bytes(8)))
    with pytest.raises(DataError, match="found 8;"):
        read(path, "a")
    write_member(path, b"\x93NUMPY\x02\x00\xff\xff\xff\xff")
    with pytest.raises(DataError, match="found: a header of 4294967295 bytes"):
        read(path, "a")


@pytest.mark.parametrize("shape", [(0,), (3, 0), (-1, -4)])
def test_an_array_without_values_is_refused(tmp_path: Path, shape: tuple[int, ...]) -> None:
    path = tmp_path / "arrays.npz"
    write_member(path, member(shape, "<f4", bytes(16)))
    with pytest.raises(DataError, match="expected at least one value"):
        read(path, "a")


def test_a_compression_that_numpy_does_not_write_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "arrays.npz"
    write_member(path, member((1,), "<f4", bytes(4)), zipfile.ZIP_LZMA)
    with pytest.raises(DataError, match="expected a stored or deflated array"):
        read(path, "a")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "arrays.npz"
    path.write_bytes(b"not a zip file")
    with pytest.raises(DataError, match=r"arrays\.npz: expected a whole \.npz file"):
        read(path, "a")
    write_member(path, b"not an array")
    with pytest.raises(DataError, match=r"'a' in .* expected an array in NumPy's format"):
        read(path, "a")


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="none"):
        read(tmp_path / "none", "a")


@pytest.mark.filterwarnings("ignore")  # NumPy warns of odd headers before it refuses them
@pytest.mark.parametrize("compressed", [False, True])
def test_no_damaged_byte_raises_anything_but_our_own_errors(
    tmp_path: Path, compressed: bool
) -> None:
    path = tmp_path / "arrays.npz"
    save = np.savez_compressed if compressed else np.savez
    save(path, a=np.arange(6.0))
    whole, refused = path.read_bytes(), 0
    for at in range(len(whole)):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << at % 8
        path.write_bytes(damaged)
        try:
            read(path, "a")
        except LayerkitError:
            refused += 1
    assert refused > len(whole) // 2


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("compressed", [False, True])
def test_a_file_cut_short_anywhere_is_refused(tmp_path: Path, compressed: bool) -> None:
    path = tmp_path / "arrays.npz"
    save = np.savez_compressed if compressed else np.savez
    save(path, a=np.arange(6.0), b=np.arange(3))
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(DataError, match=str(path)):
            read(path, "a")


@pytest.mark.filterwarnings("ignore")
def test_rows_of_a_damaged_file_are_refused_or_are_what_they_were(tmp_path: Path) -> None:
    path = tmp_path / "arrays.npz"
    np.savez(path, a=np.arange(6.0).reshape(3, 2))
    whole, refused = path.read_bytes(), 0
    for at in range(len(whole)):
        for mask in (1 << at % 8, 0x80):
            damaged = bytearray(whole)
            damaged[at] ^= mask
            path.write_bytes(damaged)
            try:
                with open_npz(path) as archive:
                    rows = archive.rows("a")
            except DataError:
                refused += 1
            else:
                found = np.zeros((3, 2), rows.array.dtype)
                rows.take(np.arange(3), found)
                np.testing.assert_array_equal(found, np.arange(6.0).reshape(3, 2))
    assert refused > len(whole)


def chunks(path: Path, name: str, size: int) -> list[Values]:
    with open_npz(path) as archive:
        return [*archive.chunks(name, size)]


@pytest.mark.parametrize("size", [1, 24, 25, 1000])
@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_rows_come_a_few_at_a_time(tmp_path: Path, size: int, save: Callable[..., None]) -> None:
    path, values = tmp_path / "arrays.npz", np.arange(21.0, dtype=">f4").reshape(7, 3)
    save(path, a=values, b=np.asfortranarray(values))
    found = chunks(path, "a", size)
    assert max(map(len, found)) == max(1, min(7, size // 12))
    np.testing.assert_array_equal(np.concatenate(found), values)
    assert found[0].dtype == np.dtype("f4")
    assert [each.tolist() for each in chunks(path, "b", size)] == [values.tolist()]


def test_rows_that_are_missing_or_too_many_are_errors(tmp_path: Path) -> None:
    path = tmp_path / "arrays.npz"
    for data, said in ((b"12345678" * 5, "cut short"), (b"12345678" * 7, "found more")):
        write_member(path, member((3, 2), "<f8", data))
        with pytest.raises(DataError, match=said):
            chunks(path, "a", 16)
