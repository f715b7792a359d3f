"""Text files as lines: unpacked if they are gzip files, decoded, and of bounded length."""

from __future__ import annotations

import gzip
import io
import os
import sys
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from layerkit.errors import DataError, FileError
from layerkit.formats.files import open_data

STANDARD_INPUT = Path("-")
"""The path that stands for standard input."""
MAX_LINE = 1 << 22
"""Characters of the longest line that is read."""
MAX_RATIO = 200
"""How many times as long as a gzip file its text may be; real tables are below 100."""
_ALWAYS_FITS = 1 << 26
_GZIP_MAGIC = b"\x1f\x8b"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class TextLines:
    """The lines of an open text, each with its end; get one from `open_text`.

    Attributes
    ----------
    name
        What messages call it.
    number
        How many lines have been read.
    """

    def __init__(self, stream: TextIO, name: str, limit: int | None) -> None:
        self.name = name
        self.number = 0
        self._stream = stream
        self._limit = limit

    def __iter__(self) -> Iterator[str]:
        """Go over the lines that have not been read yet.

        Raises
        ------
        DataError
            If the bytes are no text in its encoding, a line is longer than any table's, the gzip
            file is damaged, or unpacks to far more than a table would.
        FileError
            If it cannot be read.
        """
        length = 0
        while line := self._line():
            self.number += 1
            length += len(line)
            if len(line) > MAX_LINE:
                raise DataError(
                    f"{self.name}:{self.number}: expected lines of up to {MAX_LINE} characters, "
                    "found a longer one"
                )
            if self._limit is not None and length > self._limit:
                raise DataError(
                    f"{self.name}: expected a gzip file whose text is at most {MAX_RATIO} times as "
                    "long, found one that unpacks to more; unpack it first if that is right"
                )
            yield line

    def _line(self) -> str:
        try:
            return self._stream.readline(MAX_LINE + 1)
        except UnicodeDecodeError as error:
            line = self.number + 1 + error.object[: error.start].count(b"\n")
            found = error.object[error.start : error.start + 2].hex(" ")
            if self.number == 0 and error.object.startswith(_UTF16_MARKS):
                encoding = "utf-16"
            else:
                encoding = "cp1252"
            raise DataError(
                f"{self.name}:{line}: expected text in {error.encoding}, found the bytes {found}; "
                f'set the encoding that the file was saved with, such as "{encoding}"'
            ) from error
        except UnicodeError as error:
            raise DataError(f"{self.name}: {error}; set another encoding") from error
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise DataError(
                f"{self.name}: expected a whole gzip file, found: {error}; get it again"
            ) from error
        except OSError as error:
            raise FileError(f"{self.name}: cannot be read: {error}") from error


@contextmanager
def open_text(path: Path, encoding: str) -> Generator[TextLines]:
    """Open a text file, gzip-compressed or plain; ``-`` is standard input.

    A byte order mark at its start is no part of the text.

    Raises
    ------
    FileError
        If it cannot be opened.
    """
    if path == STANDARD_INPUT:
        yield _lines(sys.stdin.buffer, "standard input", encoding, 0)
        return
    with open_data(path) as file:
        yield _lines(file, str(path), encoding, os.fstat(file.fileno()).st_size)


def _lines(file: BinaryIO, name: str, encoding: str, size: int) -> TextLines:
    start = file.peek(2)[:2] if isinstance(file, io.BufferedReader) else b""
    # Bytes of UTF-8 may begin with a mark, which is no text; the other encodings read it.
    decoded = "utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding
    if start != _GZIP_MAGIC:
        return TextLines(io.TextIOWrapper(file, decoded, newline=""), name, None)
    unpacked = gzip.GzipFile(fileobj=file, mode="rb")
    limit = max(_ALWAYS_FITS, size * MAX_RATIO)
    return TextLines(io.TextIOWrapper(unpacked, decoded, newline=""), name, limit)
