"""Runs that are found below directories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from layerkit.errors import FileError, LayerkitError
from layerkit.formats.run_files import MANIFEST
from layerkit.runs.directory import RUNS
from layerkit.runs.results import RunResults

_DEPTH = 3
"""Levels below a directory at which runs are looked for: ``runs``, a series, and its runs."""


@dataclass(frozen=True, slots=True)
class NoRun:
    """A directory that is none of a run, or that of a run that cannot be read.

    Attributes
    ----------
    directory
        Which one.
    reason
        What is wrong with it.
    """

    directory: Path
    reason: str


def find_runs(roots: Iterable[Path] = ()) -> list[RunResults | NoRun]:
    """Return the runs below directories, newest first, and then what else is there.

    Parameters
    ----------
    roots
        Directories of runs, or above them by three levels at most; by default ``runs``, if there
        is one.

    Raises
    ------
    FileError
        If one of them cannot be read.
    """
    roots = [*roots] or ([RUNS] if RUNS.exists() else [])
    found = {path: _read(path) for root in roots for path in _directories(root)}
    runs = [each for each in found.values() if isinstance(each, RunResults)]
    others = [each for each in found.values() if isinstance(each, NoRun)]
    runs.sort(key=lambda each: (each.started, str(each.directory)), reverse=True)
    return [*runs, *sorted(others, key=lambda each: str(each.directory))]


def _directories(root: Path) -> list[Path]:
    """Return a directory, if it is that of a run, or those of runs below it.

    Directories at its first level without any run are among them.
    """
    try:
        if (root / MANIFEST).exists():
            return [root]
        return [
            found for path in _inside(root) for found in [*_runs_in(path, _DEPTH - 1)] or [path]
        ]
    except OSError as error:
        raise FileError(f"{root}: cannot be read: {error.strerror}") from error


def _runs_in(directory: Path, depth: int) -> Iterator[Path]:
    if (directory / MANIFEST).exists():
        yield directory
    elif depth > 0:
        with suppress(PermissionError):
            for path in _inside(directory):
                yield from _runs_in(path, depth - 1)


def _inside(directory: Path) -> list[Path]:
    paths = sorted(directory.iterdir())
    return [path for path in paths if path.is_dir() and not path.name.startswith(".")]


def _read(directory: Path) -> RunResults | NoRun:
    try:
        return RunResults.read(directory)
    except LayerkitError as error:
        if not (directory / MANIFEST).exists():
            return NoRun(directory, f"{directory}: expected the {MANIFEST} of a run, found none")
        return NoRun(directory, str(error))
