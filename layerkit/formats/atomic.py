"""Files that are written whole or not at all, and stay written when the power fails."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from layerkit.errors import FileError

PARTIAL = ".partial"
"""What the name of a file ends with while it is written."""
_CAN_SYNC_DIRECTORIES = os.name == "posix"  # Windows opens no directories


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    The content reaches the disk under another name, which then takes the place of whatever file was
    there; the directory is synchronized last, so that the new name survives a power failure.

    Raises
    ------
    FileError
        If it cannot be written; the file that was there is as it was.
    """
    partial = path.with_name(f"{path.name}{PARTIAL}")
    try:
        try:
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        except BaseException:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
            raise
        sync_directory(path.parent)
    except OSError as error:
        raise FileError(f"{path}: cannot write: {error.strerror}") from error


def write_directory_atomically(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a directory with these files whole or not at all.

    Parameters
    ----------
    path
        The directory, which must not be there; its parent must.
    files
        What they hold, by their paths in the directory, with slashes.

    Raises
    ------
    FileError
        If it cannot be written, or is there.
    """
    partial = path.with_name(f"{path.name}.{os.getpid()}{PARTIAL}")
    try:
        if path.exists() or path.is_symlink():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        partial.mkdir()
        try:
            for name, content in files.items():
                file = partial / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
                sync_file(file)
            for directory in {partial, *((partial / name).parent for name in files)}:
                sync_directory(directory)
            partial.rename(path)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        sync_directory(path.parent)
    except OSError as error:
        raise FileError(f"{path}: cannot write: {error.strerror}") from error


@contextmanager
def written_atomically(path: Path) -> Generator[BinaryIO]:
    """Open a file to write into; under its name it appears whole, or not at all after an error.

    What is no regular file, such as ``/dev/null`` or a named pipe, is written to directly. A file
    that is replaced hands on its permissions.

    Raises
    ------
    FileError
        If it cannot be written; the file that was there is as it was.
    """
    try:
        path = path.resolve()  # the file that a link leads to is replaced, not the link
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
            return
        partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
        with partial.open("xb") as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                file.close()
                with suppress(OSError):  # most often there is none yet
                    shutil.copymode(path, partial)
                partial.replace(path)
            except BaseException:
                with suppress(OSError):
                    partial.unlink(missing_ok=True)
                raise
        sync_directory(path.parent)
    except OSError as error:
        raise FileError(f"{path}: cannot write: {error.strerror}") from error


def append_whole(path: Path, content: bytes) -> None:
    """Add to a file, all of the content or, after an error, nothing.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    with path.open("ab", buffering=0) as file:
        end = file.tell()
        try:
            written = file.write(content)
            if written < len(content):
                file.write(content[written:])  # says why there was no room
        except OSError:
            file.truncate(end)
            raise


def sync_file(path: Path) -> None:
    """Let the content of a file reach the disk.

    Raises
    ------
    OSError
        If it cannot.
    """
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_directory(path: Path) -> None:
    """Let the names in a directory reach the disk, where the system can do that."""
    if not _CAN_SYNC_DIRECTORIES:
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
