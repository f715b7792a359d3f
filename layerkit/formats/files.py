"""What readers of data files share: opening, bounded reads, and checks that name the array."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Annotated, BinaryIO, Protocol, TypeAlias

import numpy as np
from annotated_types import Gt
from pydantic import Strict

from layerkit.arrays import Array, Shape, Values
from layerkit.errors import DataError, FileError
from layerkit.formats.regular import NotRegularError, open_regular
from layerkit.machine import memory_size

ExampleShape: TypeAlias = Annotated[tuple[Annotated[int, Gt(0)], ...], Strict(strict=False)]
"""The shape of one example, as a spec gives it: ``[28, 28]``."""

CHUNK = 1 << 20
_MANY = 1 << 24
"""Bytes after which it is worth looking whether the others fit into memory."""


class Readable(Protocol):
    """Something to read bytes from."""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class ArrayHeader:
    """An array in a file, before it is read: what messages call it, its shape and dtype."""

    name: str
    shape: Shape
    dtype: np.dtype[np.generic]


@contextmanager
def open_data(path: Path) -> Generator[BinaryIO]:
    """Open a data file for reading; see `unchanged`.

    Raises
    ------
    FileError
        If it cannot be opened, or is no regular file: reading from a pipe might wait for ever.
    DataError
        If it changed meanwhile.
    """
    try:
        file = open_regular(path)
    except NotRegularError as error:
        raise FileError(
            f"{path}: expected a regular file to read, found {error}; check the path"
        ) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise FileError(
            f"{path}: expected a data file to read, found: {reason}; check the path (in a spec, a "
            "relative path starts at the directory of the spec)"
        ) from error
    with file, unchanged(file, path):
        yield file


def stamp_of(descriptor: int) -> tuple[int, int]:
    """Return what tells whether an open file has changed: its size and when it was written to."""
    status = os.fstat(descriptor)
    return status.st_size, status.st_mtime_ns


def changed(path: Path) -> DataError:
    """Return the error for a file that was written to while it was read."""
    return DataError(
        f"{path}: expected a file that stays as it is while it is read, found it changed; start "
        "again once it is written whole"
    )


@contextmanager
def reading_errors(name: str) -> Generator[None]:
    """Raise a FileError for what the system says while a file is read."""
    try:
        yield
    except OSError as error:
        raise FileError(f"{name}: cannot be read: {error}") from error


@contextmanager
def unchanged(file: BinaryIO, path: Path) -> Generator[None]:
    """Check that an open file is not written while it is read.

    Raises
    ------
    DataError
        If its size or the time of its last change differ afterwards, even if what was read gave
        another error: then that was the reason.
    """
    before = stamp_of(file.fileno())
    try:
        yield
    except DataError as error:
        if stamp_of(file.fileno()) != before:
            raise changed(path) from error
        raise
    if stamp_of(file.fileno()) != before:
        raise changed(path)


def is_missing(path: Path) -> bool:
    """Tell whether there is no such file; one that is there but unreadable is not missing."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False


def read_exactly(stream: Readable, size: int, name: str) -> bytearray:
    """Return the rest of a stream, which must be ``size`` bytes long.

    Memory grows with the bytes that are really there, whatever ``size`` says.

    Raises
    ------
    DataError
        If there are fewer bytes, or more; or more than this machine has memory.
    """
    data = bytearray()
    while chunk := stream.read(min(CHUNK, size + 1 - len(data))):
        data += chunk
        if len(data) > size:
            break
        if len(data) >= _MANY and size > (memory := memory_size()):
            raise DataError(
                f"{name}: expected an array that fits into memory, {memory:,} bytes, found a "
                f'header that says {size:,}; arrays in .npy files (data.type = "npy") may be '
                "larger than memory"
            )
    check_size(name, size, len(data))
    return data


def read_part(stream: Readable, size: int, name: str) -> bytearray:
    """Return the next ``size`` bytes of a stream.

    Raises
    ------
    DataError
        If there are fewer.
    """
    data = bytearray()
    while len(data) < size:
        found = stream.read(min(CHUNK, size - len(data)))
        if not found:
            check_size(name, size, len(data))
        data += found
    return data


def check_size(name: str, size: int, found: int) -> None:
    """Check that as many bytes follow a header as it says.

    Raises
    ------
    DataError
        If there are fewer, or more.
    """
    if found < size:
        raise DataError(
            f"{name}: expected {size} bytes after the header, found {found}; the file is cut "
            "short: get it again"
        )
    if found > size:
        raise DataError(
            f"{name}: expected {size} bytes after the header, found more; the file does not end "
            "where its header says"
        )


def check_pair(inputs: ArrayHeader, targets: ArrayHeader, shape: Shape) -> int:
    """Return how many examples there are, one row of inputs and of targets for each.

    Raises
    ------
    DataError
        If there are more of one than of the other, or examples do not have that shape.
    """
    if not inputs.shape or inputs.shape[1:] != shape:
        raise DataError(
            f"{inputs.name}: expected examples of shape {shape}, an array of shape "
            f"{('n', *shape)}; found an array of shape {inputs.shape}"
        )
    if targets.shape[:1] != inputs.shape[:1]:
        raise DataError(
            f"{targets.name}: expected one target for each of the {inputs.shape[0]} examples of "
            f"{inputs.name}; found an array of shape {targets.shape}"
        )
    return inputs.shape[0]


def input_shape(stored: Shape, *, flatten: bool) -> Shape:
    """Return the shape in which the network sees an example stored in that shape.

    That is one axis of features, or else the axes as they are, channels last: two axes get a
    third for their one channel.
    """
    if flatten:
        return (prod(stored),)
    return (*stored, 1) if len(stored) == 2 else stored


def to_float32(values: Values, name: str) -> Array:
    """Return numbers as finite float32, without a copy where they are.

    Raises
    ------
    DataError
        If some are nan or infinite, or too large for float32.
    """
    with np.errstate(over="ignore"):
        floats = values.astype(np.float32, copy=False)
    check_finite(floats, name)
    return floats


def check_finite(values: Array, name: str) -> None:
    """Check that there is neither nan nor infinity among the values.

    Raises
    ------
    DataError
        If there is; it says how many and where the first one is.
    """
    finite = np.isfinite(values)
    bad = values.size - int(np.count_nonzero(finite))
    if bad:
        first = tuple(int(axis) for axis in np.unravel_index(int(np.argmin(finite)), values.shape))
        raise DataError(
            f"{name}: expected finite numbers, found {bad} of {values.size} that are nan, infinite "
            f"or beyond {values.dtype}, the first at index {first}: {values[first]}; drop or "
            "replace them"
        )


def scale_for(
    inputs: ArrayHeader | None, scale: float | None, *, test: ArrayHeader | None = None
) -> float:
    """Return the scale that a spec asks for: by default bytes go to 0..1, others stay.

    Parameters
    ----------
    inputs
        The array to train on; None while its file is missing.
    scale
        What the spec says.
    test
        The array to test on, if there is one.

    Raises
    ------
    DataError
        If only one of the arrays to train and to test on holds bytes, and the spec asks for none.
    """
    if scale is not None:
        return scale
    if inputs is None:
        return 1.0
    is_bytes = inputs.dtype == np.uint8
    if test is not None and (test.dtype == np.uint8) != is_bytes:
        raise DataError(
            f"{test.name}: expected {'unsigned bytes' if is_bytes else 'numbers other than bytes'} "
            f"like the inputs to train on, found {test.dtype}; set 'scale' if one factor fits both"
        )
    return 1 / 255 if is_bytes else 1.0
