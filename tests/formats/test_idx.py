from __future__ import annotations

import gzip
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from layerkit.errors import DataError, FileError, LayerkitError
from layerkit.formats.idx import read_idx, read_idx_header

BYTES = struct.pack(">HBB2I", 0, 0x08, 2, 2, 3) + bytes([1, 2, 3, 4, 5, 255])


@pytest.mark.parametrize(
    ("code", "form", "dtype"),
    [
        (0x08, "B", np.uint8),
        (0x09, "b", np.int8),
        (0x0B, "h", np.int16),
        (0x0C, "i", np.int32),
        (0x0D, "f", np.float32),
        (0x0E, "d", np.float64),
    ],
)
def test_every_type_comes_in_the_byte_order_of_this_machine(
    tmp_path: Path, code: int, form: str, dtype: type[np.number]
) -> None:
    path = tmp_path / "numbers"
    path.write_bytes(struct.pack(f">HBBI3{form}", 0, code, 1, 3, 1, 2, 100))
    values = read_idx(path)
    assert values.dtype == np.dtype(dtype)
    assert values.tolist() == [1, 2, 100]


def test_axes_come_in_the_order_of_the_header() -> None:
    assert read_idx(BYTES).tolist() == [[1, 2, 3], [4, 5, 255]]


def test_compression_is_told_by_content_and_not_by_name(tmp_path: Path) -> None:
    packed, plain = tmp_path / "packed", tmp_path / "plain.gz"
    packed.write_bytes(gzip.compress(BYTES))
    plain.write_bytes(BYTES)
    assert read_idx(packed).tolist() == read_idx(plain).tolist() == read_idx(BYTES).tolist()
    assert read_idx_header(packed).shape == read_idx_header(plain).shape == (2, 3)


def test_the_header_is_read_without_the_values(tmp_path: Path) -> None:
    path = tmp_path / "header"
    path.write_bytes(BYTES[:-1])
    header = read_idx_header(path)
    with pytest.raises(DataError, match="found 5;"):
        read_idx(path)
    assert (header.name, header.shape, header.dtype) == (str(path), (2, 3), np.dtype(np.uint8))


@pytest.mark.parametrize("start", [b"", b"\0\0", b"\0\1\x08\1", b"PNG!", b"\0\0\x0a\1"])
def test_a_file_of_another_kind_is_refused(start: bytes) -> None:
    with pytest.raises(DataError, match=r"^data: expected an IDX file") as caught:
        read_idx(start, "data")
    assert (start.hex(" ") or "an empty file") in str(caught.value)


def test_a_file_that_is_cut_short_says_by_how_much(tmp_path: Path) -> None:
    path = tmp_path / "short"
    path.write_bytes(BYTES[:-2])
    with pytest.raises(DataError, match=r"short: expected 6 bytes after the header, found 4"):
        read_idx(path)


def test_a_header_that_is_cut_short_says_by_how_much() -> None:
    with pytest.raises(DataError, match="expected a header of 12 bytes for 2 axes, found 10"):
        read_idx(BYTES[:10])


def test_bytes_after_the_last_value_are_an_error() -> None:
    with pytest.raises(DataError, match="expected 6 bytes after the header, found more"):
        read_idx(BYTES + b"\0")


def test_a_header_that_declares_the_moon_costs_no_memory() -> None:
    declared = struct.pack(">HBB3I", 0, 0x0E, 3, *[2**32 - 1] * 3)
    with pytest.raises(DataError, match="found 8;"):
        read_idx(declared + bytes(8))
    with pytest.raises(DataError, match="found 1000000;"):
        read_idx(gzip.compress(declared + bytes(1_000_000)))


def test_a_header_that_the_file_is_too_small_for_is_refused_before_values_are_read() -> None:
    declared = struct.pack(">HBB2I", 0, 0x0E, 2, 10**6, 10**6)
    with pytest.raises(DataError, match=r"expected 8000000000000 .* holds 20 at most; it is cut"):
        read_idx_header(declared + bytes(8))
    packed = gzip.compress(declared + bytes(1_000_000))
    with pytest.raises(DataError, match=f"holds {len(packed) * 1032} at most"):
        read_idx_header(packed)
    assert read_idx_header(gzip.compress(BYTES + bytes(10**6))).shape == (2, 3)


def test_a_bomb_that_promises_more_than_there_is_memory_is_stopped_at_once() -> None:
    bomb = gzip.compress(struct.pack(">HBB2I", 0, 0x0E, 2, 10**6, 10**6) + bytes(1 << 25), 1)
    tracemalloc.start()
    with pytest.raises(DataError, match=r"expected an array that fits into memory, .* says 8,000"):
        read_idx(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1 << 25


@pytest.mark.parametrize("whole", [BYTES, gzip.compress(BYTES, mtime=0)], ids=["plain", "gzip"])
def test_a_file_cut_short_anywhere_is_refused(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "short"
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(DataError, match=str(path)):
            read_idx(path)


def test_a_header_has_between_one_and_32_axes_with_values() -> None:
    for axes in (0, 33):
        with pytest.raises(DataError, match=rf"1 to 32 axes in its header, found {axes}"):
            read_idx(bytes([0, 0, 8, axes]) + bytes(4 * axes))
    with pytest.raises(DataError, match=r"found an array of shape \(0, 9\)"):
        read_idx(struct.pack(">HBB2I", 0, 8, 2, 0, 9))


def test_damaged_gzip_data_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "damaged.gz"
    packed = gzip.compress(BYTES)
    path.write_bytes(packed[:-4])
    with pytest.raises(DataError, match=r"damaged\.gz: expected whole gzip data"):
        read_idx(path)
    path.write_bytes(packed[:-8] + b"\0\0\0\0" + packed[-4:])
    with pytest.raises(DataError, match="CRC"):
        read_idx(path)


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path, tmp_path / "nul\0"):
        with pytest.raises(FileError) as caught:
            read_idx(path)
        assert str(path) in str(caught.value)


@pytest.mark.parametrize("whole", [BYTES, gzip.compress(BYTES, mtime=0)], ids=["plain", "gzip"])
def test_no_damaged_byte_raises_anything_but_our_own_errors(whole: bytes) -> None:
    refused = 0
    for at in range(len(whole)):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << at % 8
        try:
            read_idx(bytes(damaged))
        except LayerkitError:
            refused += 1
    assert refused > len(whole) // 2
