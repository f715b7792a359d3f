"""Opening regular files only: to read from a pipe or a device might never end."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import BinaryIO

_NO_FILES = {
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class NotRegularError(Exception):
    """What there is at a path is no regular file; the text says what it is."""


def open_regular(path: Path) -> BinaryIO:
    """Open a file for reading.

    It is looked at before, as opening a device may do something, and once it is open, as a path
    may meanwhile lead elsewhere.

    Raises
    ------
    NotRegularError
        If it is no regular file.
    OSError
        If it cannot be opened.
    ValueError
        If the path has a NUL.
    """
    _check(path.stat())
    if sys.platform == "win32":
        descriptor = os.open(path, os.O_RDONLY | os.O_BINARY | os.O_NOINHERIT)
    else:  # without O_NONBLOCK, to open a pipe may wait for ever
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        _check(os.fstat(descriptor))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _check(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise NotRegularError(_NO_FILES.get(stat.S_IFMT(status.st_mode), "something else"))
