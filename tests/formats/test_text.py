from __future__ import annotations

import gzip
import io
import os
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from layerkit.errors import DataError, FileError
from layerkit.formats.text import MAX_ROW, STANDARD_INPUT, check_text, open_text


def plain(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def packed(path: Path, data: bytes) -> Path:
    path.write_bytes(gzip.compress(data))
    return path


def lines_of(path: Path, encoding: str = "utf-8") -> list[str]:
    with open_text(path, encoding) as lines:
        return [*lines]


@pytest.mark.parametrize("write", [plain, packed])
@pytest.mark.parametrize("text", ["", "a", "a\nb\r\n\rc\r\r\n", "a\r", "é\r\n" * 200_000, "\n" * 9])
def test_lines_keep_their_ends(
    tmp_path: Path, write: Callable[[Path, bytes], Path], text: str
) -> None:
    path = write(tmp_path / "file", text.encode())
    assert lines_of(path) == [*io.StringIO(text, newline="")]


def test_lines_are_counted_as_they_are_read(tmp_path: Path) -> None:
    with open_text(plain(tmp_path / "file", b"a\nb\nc"), "utf-8") as lines:
        assert [(lines.number, line) for line in lines] == [(1, "a\n"), (2, "b\n"), (3, "c")]


@pytest.mark.parametrize(
    ("data", "is_cut"), [(b"a\nb", True), (b"a\nb\n", False), (b"a\rb\r", False), (b"", False)]
)
def test_a_last_line_without_an_end_is_known(tmp_path: Path, data: bytes, is_cut: bool) -> None:
    with open_text(plain(tmp_path / "file", data), "utf-8") as lines:
        assert not lines.is_cut
        assert b"".join(line.encode() for line in lines) == data
        assert lines.is_cut == is_cut


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "UTF8", "utf-16", "utf-16-le"])
def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding in {"utf-8", "UTF8", "utf-16-le"} else ""
    path = plain(tmp_path / "file", f"{mark}é\na\ufeff\n".encode(encoding))
    assert lines_of(path, encoding) == ["é\n", "a\ufeff\n"]


def test_standard_input_may_be_a_gzip_file_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for data in (b"a\nb", gzip.compress(b"a\nb")):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        assert lines_of(STANDARD_INPUT) == ["a\n", "b"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("before", [0, 1, 2, 70_000, 262_143, 300_001])
@pytest.mark.parametrize("write", [plain, packed])
def test_bytes_that_are_no_text_are_told_with_their_line(
    tmp_path: Path, write: Callable[[Path, bytes], Path], before: int, end: str
) -> None:
    data = f"x{end}".encode() * before + b"caf\xe9 1" + end.encode() * 3
    with pytest.raises(DataError) as caught:
        lines_of(write(tmp_path / "file", data))
    assert f"file:{before + 1}: expected text in utf-8, found the bytes e9 20;" in str(caught.value)
    assert 'such as "cp1252"' in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "cp1252", "ascii"])
def test_the_line_is_right_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    wrong = b"\xdc\x00\xdc\x00" if encoding.startswith("utf-16") else b"\x81"
    wrong = wrong[::-1] if encoding == "utf-16" else wrong
    data = ("x\n" * 140_000 + "\u010a" * (encoding[0] == "u")).encode(encoding) + wrong
    with pytest.raises(DataError, match=rf"file:140001: expected text in {encoding}, .* \"utf-8\""):
        lines_of(plain(tmp_path / "file", data), encoding)


def test_a_text_that_ends_within_a_character_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"file:2: expected text in utf-8, found the bytes c3;"):
        lines_of(plain(tmp_path / "file", "a\né".encode()[:-1]))
    with pytest.raises(DataError, match=r"file:2: expected text in utf-16, "):
        lines_of(plain(tmp_path / "file", "a\né".encode("utf-16")[:-1]), "utf-16")


def test_a_text_in_utf_16_is_recognized(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r'file:1: .* bytes ff fe; .* such as "utf-16"'):
        lines_of(plain(tmp_path / "file", "a,b\n".encode("utf-16")))
    with pytest.raises(DataError, match=r'file:1: expected text, found a NUL .* "utf-16-le"'):
        check_text("file", "a\0,\0b\0")


def test_a_line_without_an_end_is_not_read_into_memory(tmp_path: Path) -> None:
    path = plain(tmp_path / "file", b"a,b\n")
    os.truncate(path, 1 << 33)
    with pytest.raises(DataError, match=rf"file:2: expected rows of up to {MAX_ROW} characters"):
        lines_of(path)


def test_many_lines_that_are_long_together_are_read(tmp_path: Path) -> None:
    path = plain(tmp_path / "file", (b"x" * 99 + b"\n") * 60_000)
    assert len(lines_of(path)) == 60_000


def test_a_gzip_file_that_unpacks_to_far_more_than_a_table_would_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.gz"
    with gzip.open(path, "wb", 1) as file:
        for _ in range(140):
            file.write(b"0" * ((1 << 20) - 1) + b"\n")
    tracemalloc.start()
    with open_text(path, "utf-8") as lines, pytest.raises(DataError, match="at most 200 times"):
        sum(map(len, lines))
    assert lines.number < 128
    assert tracemalloc.get_traced_memory()[1] < 1 << 24
    tracemalloc.stop()


def test_a_gzip_file_that_is_cut_anywhere_is_an_error(tmp_path: Path) -> None:
    data = gzip.compress("".join(f"{row},{row * row}\n" for row in range(40)).encode())
    path = tmp_path / "file.gz"
    for size in range(2, len(data)):
        with pytest.raises(DataError, match=r"file\.gz: expected a whole gzip file"):
            lines_of(plain(path, data[:size]))


def test_a_gzip_file_with_a_flipped_bit_is_an_error_or_the_same_text(tmp_path: Path) -> None:
    text = b"1,2\n3,4\n"
    data = gzip.compress(text, mtime=0)
    for bit in range(16, 8 * len(data)):
        wrong = bytearray(data)
        wrong[bit // 8] ^= 1 << bit % 8
        path = plain(tmp_path / "file.gz", bytes(wrong))
        try:
            found = "".join(lines_of(path)).encode()
        except DataError:
            continue
        assert found == text


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileError, match="found a named pipe"):
        lines_of(tmp_path / "pipe")
