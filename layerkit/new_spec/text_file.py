"""How a file is written: which format, and in which encoding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from layerkit.errors import DataError
from layerkit.formats.arrow_table import ARROW_MAGIC
from layerkit.formats.files import open_data
from layerkit.formats.text import open_text

Format: TypeAlias = Literal["csv", "jsonl", "parquet", "arrow"]

_SAMPLE_LINES = 1000
_SAMPLE = 1 << 20
_DECODED = 1 << 26
"""Bytes that are decoded to find the encoding; all of most tables."""
_NOT_IN_CP1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, slots=True)
class FileStart:
    """What the beginning of a table file tells.

    Attributes
    ----------
    form
        Its format.
    encoding
        Of its text.
    lines
        Its first lines, whole, each with its end.
    """

    form: Format
    encoding: str = "utf-8"
    lines: Sequence[str] = ()


def read_start(path: Path, encoding: str | None) -> FileStart:
    """Return what the beginning of a file tells.

    Parameters
    ----------
    path
        The file, gzip-compressed or plain.
    encoding
        That of its text; None to find it.

    Raises
    ------
    DataError
        If it is no table that can be read.
    FileError
        If it cannot be opened.
    """
    with open_data(path) as file:
        magic = file.read(len(ARROW_MAGIC))
    if magic == ARROW_MAGIC:
        return FileStart("arrow")
    if magic.startswith(b"PAR1"):
        return FileStart("parquet")
    if magic[:4] in {b"PK\x03\x04", b"\xd0\xcf\x11\xe0"}:
        raise DataError(
            f"{path}: expected CSV, JSON Lines, Parquet or Arrow, found a zip archive or an Excel "
            "file; save the table as CSV, and unpack archives"
        )
    found, sample = _decoded(path)
    text = _sample_text(path, encoding or found, sample)
    if "\0" in text:
        raise DataError(f"{path}: expected a text file, found bytes that are no text")
    if text.lstrip().startswith("["):
        raise DataError(
            f"{path}: expected CSV, or JSON Lines with an object on every line, found a JSON list; "
            "write each of its objects on a line of its own"
        )
    form: Format = "jsonl" if text.lstrip().startswith("{") else "csv"
    return FileStart(form, encoding or found, text.splitlines(keepends=True)[:_SAMPLE_LINES])


def _decoded(path: Path) -> tuple[str, bytes]:
    """Return the encoding of a text file, and its first lines as bytes."""
    sample, length, is_utf8, is_cp1252 = bytearray(), 0, True, True
    lines = 0
    # Latin-1 gives every byte a character, so that lines are those of any ASCII-like encoding.
    with open_text(path, "latin-1") as text:
        for line in text:
            raw = line.encode("latin-1")
            if not length and raw[:2] in _MARKS:
                return _MARKS[raw[:2]], b""
            if lines < _SAMPLE_LINES and len(sample) < _SAMPLE:
                sample += raw
            lines += 1
            length += len(raw)
            is_utf8 = is_utf8 and _is_utf8(raw)
            is_cp1252 = is_cp1252 and (is_utf8 or _NOT_IN_CP1252.isdisjoint(raw))
            if length > _DECODED:
                break
    if is_utf8:
        return "utf-8", bytes(sample)
    return ("cp1252" if is_cp1252 else "latin-1"), bytes(sample)


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _sample_text(path: Path, encoding: str, sample: bytes) -> str:
    if sample and encoding.lower() in {"utf-8", "utf8"}:
        return sample.decode("utf-8-sig", errors="replace")
    if sample and not encoding.lower().startswith(("utf", "u")):
        return sample.decode(encoding, errors="replace")
    lines: list[str] = []
    with open_text(path, encoding) as text:
        for line in text:
            lines.append(line)
            if text.number >= _SAMPLE_LINES:
                break
    return "".join(lines)
