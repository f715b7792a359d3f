"""The lock that a run directory has while a run writes to it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from layerkit.errors import FileError, UsageError

LOCK = ".lock"
"""The file that says that a run has the directory."""


@contextmanager
def created(path: Path) -> Generator[None]:
    """Make a directory and lock it while the context lasts; refuse one that has files in it.

    What fails before it has written anything leaves no directory behind.

    Raises
    ------
    UsageError
        If the directory holds anything, or another run has it.
    FileError
        If it cannot be made.
    """
    existed = path.exists()
    try:
        path.mkdir(parents=True, exist_ok=True)
        _check_empty(path)
    except OSError as error:
        raise FileError(f"{path}: cannot be made: {error.strerror}") from error
    try:
        with locked(path):
            _check_empty(path)  # another run may have been first
            try:
                yield
            finally:
                _unlink_lock_if_alone(path)
    finally:
        if not existed:
            with suppress(OSError):  # it has files, as it should
                path.rmdir()


@contextmanager
def locked(path: Path) -> Generator[None]:
    """Lock a directory while the context lasts.

    Raises
    ------
    UsageError
        If another run has it.
    FileError
        If there is no such directory, or it cannot be written to.
    """
    lock = FileLock(path / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise UsageError(
            f"{path}: expected a directory that no other run is writing to; wait for that run, or "
            "choose another --out"
        ) from error
    except OSError as error:
        raise FileError(f"{path}: cannot be written to: {error.strerror}") from error
    try:
        yield
    finally:
        lock.release()


def is_locked(path: Path) -> bool:
    """Tell whether a run is writing to a directory, or may be, where that cannot be told."""
    if not (path / LOCK).exists():
        return False
    lock = FileLock(path / LOCK)
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError):
        return True
    lock.release()
    return False


def _check_empty(path: Path) -> None:
    if _names(path):
        raise UsageError(
            f"{path}: expected a new or empty directory for the run; choose another --out"
        )


def _unlink_lock_if_alone(path: Path) -> None:
    """Leave no lock in a directory without files; only who has the lock may do that."""
    with suppress(OSError):
        if not _names(path):
            (path / LOCK).unlink()


def _names(path: Path) -> list[str]:
    return [each.name for each in path.iterdir() if each.name != LOCK]
