"""Where a run goes when nobody says where."""

from __future__ import annotations

import itertools
from datetime import datetime
from pathlib import Path

from layerkit.errors import FileError

RUNS = Path("runs")


def new_run_directory(stem: str) -> Path:
    """Make ``runs/<stem>-<date>-<time>`` in the current directory, with a number if it is taken.

    Raises
    ------
    FileError
        If it cannot be made.
    """
    name = f"{stem}-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    for number in itertools.count(1):
        directory = RUNS / (name if number == 1 else f"{name}-{number}")
        try:
            directory.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise FileError(f"{directory}: cannot be made: {error.strerror}") from error
        return directory
    raise AssertionError
