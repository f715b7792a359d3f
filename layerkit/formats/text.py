"""Text files as lines: unpacked if they are gzip files, decoded, and of bounded length."""

from __future__ import annotations

import codecs
import gzip
import io
import sys
import zlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from layerkit.errors import DataError, FileError
from layerkit.formats.files import Readable, open_data

STANDARD_INPUT = Path("-")
"""The path that stands for standard input."""
MAX_ROW = 1 << 22
"""Characters of the longest row that is read."""
MAX_RATIO = 200
"""How many times as long as a gzip file its text may be; tables are mostly below 100."""
_ALWAYS_FITS = 1 << 26
_BLOCK = 1 << 18
_GZIP_MAGIC = b"\x1f\x8b"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class TextLines:
    """The lines of an open text, each with its line end; get one from `open_text`.

    Parameters
    ----------
    file
        Where the bytes come from.
    name
        What messages call it.
    encoding
        Of its text; a byte order mark at its start is no part of it.

    Attributes
    ----------
    number
        How many lines have been read. Whoever goes over `blocks` sets it after every row: one that
        does not end is an error.
    is_cut
        Whether the text has been read to its end, and its last line has no line end.
    """

    def __init__(self, file: Readable, name: str, encoding: str) -> None:
        self.name = name
        self.number: int = 0
        self.is_cut: bool = False
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._file = _Counted(file)
        self._bytes: Readable = self._file
        self._is_packed = self._file.start == _GZIP_MAGIC
        if self._is_packed:
            self._bytes = gzip.GzipFile(fileobj=self._file, mode="rb")
        self._size = 0
        self._ends = 0
        self._last = ""

    def __iter__(self) -> Iterator[str]:
        """Go over the lines that have not been read yet.

        Raises
        ------
        DataError, FileError
            See `blocks`.
        """
        for line in chain.from_iterable(self.blocks()):
            self.number += 1
            yield line

    def blocks(self) -> Iterator[Iterable[str]]:
        """Go over the lines, a block of them at a time, which is quicker.

        Raises
        ------
        DataError
            If the bytes are no text in its encoding, a row is longer than any table's, the gzip
            file is damaged, or unpacks to far more than a table would.
        FileError
            If it cannot be read.
        """
        rest, number, length = "", -1, 0
        while text := self._text():
            length = length + len(text) if number == self.number else 0
            number = self.number
            if length > MAX_ROW:
                raise DataError(
                    f"{self.name}:{number + 1}: expected rows of up to {MAX_ROW} characters, found "
                    "a longer one; check the quotes of the row that begins there"
                )
            rest += text
            end = rest.rfind("\n") + 1 or rest.rfind("\r", 0, -1) + 1
            yield io.StringIO(rest[:end], newline="")
            rest = rest[end:]
        self.is_cut = bool(rest) and not rest.endswith("\r")
        yield io.StringIO(rest, newline="")

    def _text(self) -> str:
        """Return the next characters, none at the end."""
        text = ""
        while not text:
            packed = self._read()
            text = self._decoded(packed)
            if not self._ends and not self._last:
                text = text.removeprefix("\ufeff")
            if not packed:
                break
        self._ends += self._ends_in(text)
        self._last = text[-1:] or self._last
        return text

    def _ends_in(self, text: str) -> int:
        """Return how many line ends there are in the text that comes next."""
        ends = text.count("\n") + text.count("\r") - text.count("\r\n")
        return ends - (self._last == "\r" and text.startswith("\n"))

    def _read(self) -> bytes:
        try:
            found = self._bytes.read(_BLOCK)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise DataError(
                f"{self.name}: expected a whole gzip file, found: {error}; get it again"
            ) from error
        except OSError as error:
            raise FileError(f"{self.name}: cannot be read: {error}") from error
        self._size += len(found)
        if self._is_packed and self._size > max(_ALWAYS_FITS, self._file.count * MAX_RATIO):
            raise DataError(
                f"{self.name}: expected a gzip file whose text is at most {MAX_RATIO} times as "
                "long, found one that unpacks to more; unpack it first if that is right"
            )
        return found

    def _decoded(self, found: bytes) -> str:
        try:
            return self._decoder.decode(found, not found)
        except UnicodeDecodeError as error:
            name = error.encoding if error.encoding.startswith("utf") else self._encoding
            before = error.object[: error.start].decode(name, "replace")
            line = 1 + self._ends + self._ends_in(before)
            wrong = error.object[error.start : error.start + 2].hex(" ")
            hint = "utf-8" if codecs.lookup(self._encoding).name != "utf-8" else "cp1252"
            if not self._last and error.object.startswith(_UTF16_MARKS):
                hint = "utf-16"
            raise DataError(
                f"{self.name}:{line}: expected text in {self._encoding}, found the bytes {wrong}; "
                f'set the encoding that the file was saved with, such as "{hint}"'
            ) from error
        except UnicodeError as error:
            raise DataError(f"{self.name}: {error}; set another encoding") from error


@contextmanager
def open_text(path: Path, encoding: str) -> Generator[TextLines]:
    """Open a text file, gzip-compressed or plain; ``-`` is standard input.

    Raises
    ------
    FileError
        If it cannot be opened.
    """
    if path == STANDARD_INPUT:
        yield TextLines(sys.stdin.buffer, "standard input", encoding)
        return
    with open_data(path) as file:
        yield TextLines(file, str(path), encoding)


def check_text(name: str, text: str) -> None:
    """Check that the beginning of a file is text indeed.

    Raises
    ------
    DataError
        If not: bytes of UTF-16, and binary files, are often text in other encodings too.
    """
    if "\0" in text:
        raise DataError(
            f"{name}:1: expected text, found a NUL character; if the file is no binary one, set "
            'the encoding that it was saved with, such as "utf-16-le"'
        )


class _Counted:
    """Counts the bytes that are read from a file, and lets its first two be seen."""

    def __init__(self, file: Readable) -> None:
        self.count = 0
        self._file = file
        self.start = b""
        self.start = self.read(2)

    def read(self, size: int = -1, /) -> bytes:
        found, self.start = self.start, b""
        found += self._file.read(size - len(found))
        self.count += len(found)
        return found

    def seek(self, offset: int, /) -> object:
        raise io.UnsupportedOperation(f"seek to {offset}")
