from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from layerkit.errors import DataError
from layerkit.new_spec.text_file import read_start


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("naïve,b\n1,2\n".encode(), "utf-8"),
        ("naïve,b\n1,2\n".encode("utf-8-sig"), "utf-8"),
        ("naïve,b\n1,2 €\n".encode("cp1252"), "cp1252"),
        (b"na\x81ve,b\n1,2\n", "latin-1"),
        ("naïve,b\n1,2\n".encode("utf-16"), "utf-16"),
    ],
)
def test_finds_the_encoding(tmp_path: Path, content: bytes, encoding: str) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    start = read_start(path, None)
    assert (start.form, start.encoding, len(start.lines)) == ("csv", encoding, 2)
    assert start.lines[0].endswith("ve,b\n")


def test_a_byte_far_from_the_start_decides_too(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 5000 + b"\xe9,3\n")
    assert read_start(path, None).encoding == "cp1252"


def test_unpacks_gzip_files(tmp_path: Path) -> None:
    path = tmp_path / "data.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    assert read_start(path, None).lines == ["a,b\n", "1,2\n"]


def test_tells_formats_by_what_is_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "data.txt"
    path.write_text('\n{"a": 1}\n')
    assert read_start(path, None).form == "jsonl"
    path.write_bytes(b"PAR1....PAR1")
    assert read_start(path, None).form == "parquet"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04...", "a zip archive or an Excel file; save the table as CSV"),
        (b"[{}]", "found a JSON list; write each of its objects on a line"),
        (b"a,b\n\0\0", "found bytes that are no text"),
    ],
)
def test_says_what_other_files_are(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message):
        read_start(path, None)
