"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from layerkit.errors import FileError


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    partial = path.with_name(f"{path.name}.partial")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise FileError(f"{path}: cannot write: {error.strerror}") from error
