"""Reading the arrays of an ``.npz`` file one by one, their headers first, never by pickle."""

from __future__ import annotations

import errno
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from layerkit.arrays import Values
from layerkit.errors import DataError
from layerkit.formats.files import (
    CHUNK,
    ArrayHeader,
    Readable,
    check_size,
    open_data,
    read_exactly,
    reading_errors,
)
from layerkit.formats.npy import NpyHeader, read_npy_header
from layerkit.formats.row_file import RowFile
from layerkit.messages import cut
from layerkit.problems import did_you_mean

_SUFFIX = ".npy"
_MOST_NAMES, _LONGEST_NAME = 10, 60
"""How many names a message lists, and how many characters of each."""
_MOST_LOOKED_AT = 1000
"""Names among which one like the name that is asked for is looked for, which takes long."""
_LOCAL_HEADER = 30
"""Bytes of a member's own header in a ZIP file, before its name and extra field."""


class NpzArchive:
    """The arrays in an open ``.npz`` file; get one from `open_npz`."""

    def __init__(self, archive: ZipFile, file: BinaryIO, path: Path) -> None:
        self._archive = archive
        self._file = file
        self._path = path

    def names(self) -> list[str]:
        """Return the names of the arrays, in the order of the file."""
        members = self._archive.namelist()
        return [member.removesuffix(_SUFFIX) for member in members if member.endswith(_SUFFIX)]

    def header(self, name: str) -> ArrayHeader:
        """Return shape and dtype of an array; reads no further than its header.

        Raises
        ------
        DataError
            If the file has no such array, or it does not hold numbers.
        """
        member = self._member(name)
        with self._archive.open(member) as stream:
            return self._header(stream, member, name)[0].array

    def read(self, name: str) -> Values:
        """Return an array, in the byte and axis order of this machine.

        Raises
        ------
        DataError
            If the file has no such array, or it does not hold numbers or is damaged.
        """
        member = self._member(name)
        with self._archive.open(member) as stream:
            header, _ = self._header(stream, member, name)
            return header.values(read_exactly(stream, header.size, self.called(name)))

    def rows(self, name: str) -> RowFile:
        """Return the rows of an array, which stay in the file; reads it once, for its checksum.

        Raises
        ------
        DataError
            If the file has no such array, it does not hold numbers, is compressed or damaged.
        """
        member = self._member(name)
        if member.compress_type != ZIP_STORED:
            raise DataError(
                f"{self.called(name)}: expected an array that is not compressed, whose rows can be "
                "read by themselves; save it with numpy.savez, or set mapped = false"
            )
        with self._archive.open(member) as stream:
            header, length = self._header(stream, member, name)
            while stream.read(CHUNK):
                pass
        self._file.seek(member.header_offset + _LOCAL_HEADER - 4)
        name_length, extra_length = self._file.read(2), self._file.read(2)
        start = member.header_offset + _LOCAL_HEADER + length
        start += int.from_bytes(name_length, "little") + int.from_bytes(extra_length, "little")
        return header.rows(self._file, start, self._path)

    def array(self, name: str) -> NpzArray:
        """Return an array by its name, whether there is one or not."""
        return NpzArray(self, name)

    def chunks(self, name: str, size: int) -> Iterator[Values]:
        """Yield the rows of an array, about ``size`` bytes at a time.

        Raises
        ------
        DataError
            As `read` does.
        """
        member = self._member(name)
        with self._archive.open(member) as stream:
            header, _ = self._header(stream, member, name)
            yield from header.chunks(stream, size)

    def called(self, name: str) -> str:
        """Return what messages call an array."""
        return f"'{name}' in {self._path}"

    def _member(self, name: str) -> ZipInfo:
        names = self.names()
        if name not in names:
            hint = f"; {did_you_mean(cut(name, _LONGEST_NAME), _likely(name, names))}"
            raise DataError(
                f"{self._path}: expected an array named '{cut(name, _LONGEST_NAME)}', found "
                f"{_listed(names)}{hint.removesuffix('; ')}"
            )
        member = self._archive.getinfo(name + _SUFFIX)
        if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise DataError(
                f"{self.called(name)}: expected a stored or deflated array, found ZIP compression "
                f"{member.compress_type}; save it with numpy.savez or numpy.savez_compressed"
            )
        return member

    def _header(self, stream: Readable, member: ZipInfo, name: str) -> tuple[NpyHeader, int]:
        """Return the header of a member and how long it is."""
        counted = _Counted(stream)
        header = read_npy_header(counted, self.called(name))
        check_size(self.called(name), header.size, member.file_size - counted.count)
        return header, counted.count


@dataclass(slots=True)
class _Counted:
    """Counts the bytes that are read from a stream."""

    stream: Readable
    count: int = 0

    def read(self, size: int, /) -> bytes:
        found = self.stream.read(size)
        self.count += len(found)
        return found


@dataclass(frozen=True, slots=True)
class NpzArray:
    """An array in an open ``.npz`` file; its methods are those of `NpzArchive`."""

    archive: NpzArchive
    key: str

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.archive.called(self.key)

    def header(self) -> ArrayHeader:
        """Return shape and dtype."""
        return self.archive.header(self.key)

    def read(self) -> Values:
        """Return the array."""
        return self.archive.read(self.key)

    def rows(self) -> RowFile:
        """Return the rows of the array, which stay in the file."""
        return self.archive.rows(self.key)


def _listed(names: list[str]) -> str:
    """Return names as messages list them: not all of many, and none at its whole length."""
    shown = [cut(name, _LONGEST_NAME) for name in names[:_MOST_NAMES]]
    more = len(names) - len(shown)
    return (", ".join(shown) or "none") + (f" and {more:,} more" if more else "")


def _likely(name: str, names: list[str]) -> list[str]:
    """Return the names that may be meant by one that is not there.

    The array to train on is never meant by the name of the one to test on.
    """
    parts = ("train_", "test_", "validation_")
    own = [part for part in parts if name.startswith(part)]
    others = [part for part in parts if part not in own] if own else []
    likely = (
        each
        for each in names
        if len(each) <= _LONGEST_NAME and not any(map(each.startswith, others))
    )
    return [*islice(likely, _MOST_LOOKED_AT)]


@contextmanager
def open_npz(path: Path) -> Generator[NpzArchive]:
    """Open an ``.npz`` file.

    Raises
    ------
    DataError
        If it is no ``.npz`` file or is damaged.
    FileError
        If it cannot be read.
    """
    with open_data(path) as file, archive_in(file, path) as archive:
        yield archive


@contextmanager
def archive_in(file: BinaryIO, path: Path) -> Generator[NpzArchive]:
    """Return the arrays of a file that is open; see `open_npz`.

    Parameters
    ----------
    file
        Opened for reading, at any position.
    path
        What messages call it.
    """
    with reading_errors(str(path)):
        try:
            with ZipFile(file) as archive:
                yield NpzArchive(archive, file, path)
        except (BadZipFile, EOFError, RuntimeError, UnicodeDecodeError, zlib.error) as error:
            raise DataError(
                f"{path}: expected a whole .npz file, found: {error}; get or save it again"
            ) from error
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            raise DataError(
                f"{path}: expected a whole .npz file, found one that says its arrays are where no "
                "file has bytes; get or save it again"
            ) from error
