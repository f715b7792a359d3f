"""Trained weights in the safetensors format."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from layerkit.arrays import Array
from layerkit.errors import DataError, FileError
from layerkit.runs.files import write_atomically


def save_arrays(path: Path, arrays: Mapping[str, Array]) -> bytes:
    """Write arrays by name; return the file's bytes, the same ones for the same arrays."""
    content = save(dict(arrays))
    write_atomically(path, content)
    return content


def load_arrays(path: Path, into: Mapping[str, Array]) -> None:
    """Read arrays by name into memory that is there already.

    Raises
    ------
    FileError
        If the file cannot be read.
    DataError
        If it is damaged, or holds other names, shapes or dtypes than expected.
    """
    try:
        stored = load(path.read_bytes())
    except OSError as error:
        raise FileError(f"{path}: cannot read the weights: {error.strerror}") from error
    except (SafetensorError, ValueError) as error:
        raise DataError(f"{path}: expected a safetensors file: {error}") from error
    if stored.keys() != into.keys():
        raise DataError(f"{path}: expected the arrays {', '.join(into)}; found {', '.join(stored)}")
    for name, array in into.items():
        found = stored[name]
        if found.shape != array.shape or found.dtype != array.dtype:
            raise DataError(
                f"{path}: expected '{name}' as {array.dtype} {array.shape}, "
                f"found {found.dtype} {found.shape}"
            )
        np.copyto(array, found)
