"""A file in the run directory that a callback adds lines to, right in a resumed run too."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from layerkit.errors import DataError, FileError
from layerkit.formats.atomic import append_whole, sync_directory, sync_file, write_atomically
from layerkit.state import State

MOST_PENDING = 2**16
"""Characters of lines that wait to be written: adding to many of them would take ever longer."""


@dataclass
class LogState(State):
    """What must survive a restart.

    Attributes
    ----------
    size
        Bytes that are in the file.
    pending
        Lines that are not in it yet.
    """

    size: int = 0
    pending: str = ""


class RunLog:
    """Lines that reach the disk when `write` is called, or before that where there are many.

    A run that is resumed from before the last lines has the file cut off where it was then, so that
    every line stands there once. Of a run without a directory, nothing is kept.

    Parameters
    ----------
    name
        Of the file.

    Attributes
    ----------
    state
        What `Component.state` of the callback returns, or has in it.
    """

    def __init__(self, name: str) -> None:
        self.state: LogState = LogState()
        self._name = name
        self._path: Path | None = None
        self._is_open = False

    def start(self, directory: Path | None, head: str = "") -> None:
        """Begin a run, for `Callback.training_started`.

        Parameters
        ----------
        directory
            Of the run, if it has one.
        head
            The first line of the file.
        """
        self._path = None if directory is None else directory / self._name
        self._is_open = False
        self.state.size, self.state.pending = 0, ""
        if head:
            self.add(head)

    def add(self, line: str) -> None:
        """Add a line, without its end; see `write` for errors."""
        if self._path is None:
            return
        self.state.pending += f"{line}\n"
        if len(self.state.pending) >= MOST_PENDING:
            self.write()

    def write(self) -> None:
        """Write the lines that have been added.

        Raises
        ------
        FileError
            If they cannot be written.
        DataError
            If lines from before a restart are gone.
        """
        if self._path is None:
            return
        content = self.state.pending.encode()
        try:
            if not self._is_open:
                self._open(self._path)
            append_whole(self._path, content)
            sync_file(self._path)
        except OSError as error:
            raise FileError(f"{self._path}: cannot write: {error.strerror}") from error
        self.state.size += len(content)
        self.state.pending = ""

    def _open(self, path: Path) -> None:
        """Make a new file, or cut off what was written after the run was saved."""
        if self.state.size == 0:
            write_atomically(path, b"")
        else:
            with path.open("rb+") as file:
                size = file.seek(0, 2)
                if size < self.state.size:
                    raise DataError(
                        f"{path}: expected at least {self.state.size} bytes, which the run had "
                        f"written when it was saved, found {size}"
                    )
                file.truncate(self.state.size)
            sync_directory(path.parent)
        self._is_open = True
