"""Reading IDX, the file format of MNIST: a big-endian header, then one array.

The header is two zero bytes, a type code, the number of axes, and four bytes for each axis.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from math import prod
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

import numpy as np

from layerkit.arrays import Values
from layerkit.errors import DataError, FileError
from layerkit.formats.files import ArrayHeader, Readable, open_data, read_exactly

_GZIP_MAGIC = b"\x1f\x8b"
_MAX_AXES = 32
_MAX_RATIO = 1032
"""Bytes that one byte of deflated data can stand for (zlib, Technical Details)."""
_TYPES: Mapping[int, np.dtype[np.generic]] = MappingProxyType(
    {
        0x08: np.dtype(">u1"),
        0x09: np.dtype(">i1"),
        0x0B: np.dtype(">i2"),
        0x0C: np.dtype(">i4"),
        0x0D: np.dtype(">f4"),
        0x0E: np.dtype(">f8"),
    }
)


def read_idx_header(source: bytes | Path, name: str = "") -> ArrayHeader:
    """Return shape and dtype of an IDX file; reads no further than its header.

    Parameters
    ----------
    source
        A file, or the bytes of one; gzip-compressed or plain.
    name
        What messages call it, by default its path.

    Raises
    ------
    DataError
        If it is no IDX file, or so small that it cannot hold what its header says.
    FileError
        If it cannot be read.
    """
    with _opened(source, name) as (stream, called):
        header = _read_header(stream, called)
        size = prod(header.shape) * header.dtype.itemsize
        length = len(source) if isinstance(source, bytes) else source.stat().st_size
        if isinstance(stream, gzip.GzipFile):
            length *= _MAX_RATIO
        if size > length:
            raise DataError(
                f"{called}: expected {size} bytes after the header, found a file that holds "
                f"{length} at most; it is cut short: get it again"
            )
        return header


def read_idx(source: bytes | Path, name: str = "") -> Values:
    """Return the array of an IDX file, in the byte order of this machine.

    Parameters
    ----------
    source
        A file, or the bytes of one; gzip-compressed or plain.
    name
        What messages call it, by default its path.

    Raises
    ------
    DataError
        If it is no IDX file, is damaged, or is not as long as its header says.
    FileError
        If it cannot be read.
    """
    with _opened(source, name) as (stream, called):
        header = _read_header(stream, called)
        size = prod(header.shape) * header.dtype.itemsize
        data = read_exactly(stream, size, called)
    values: Values = np.frombuffer(data, header.dtype).reshape(header.shape)
    return values.astype(header.dtype.newbyteorder("="), copy=False)


@contextmanager
def _opened(source: bytes | Path, name: str) -> Generator[tuple[Readable, str]]:
    """Open a source, unpacked; errors of reading it become Layerkit's."""
    if isinstance(source, bytes):
        with _unpacked(io.BytesIO(source), name or "IDX data") as opened:
            yield opened
    else:
        with open_data(source) as file, _unpacked(file, name or str(source)) as opened:
            yield opened


@contextmanager
def _unpacked(file: BinaryIO, name: str) -> Generator[tuple[Readable, str]]:
    try:
        magic = file.read(len(_GZIP_MAGIC))
        file.seek(0)
        if magic == _GZIP_MAGIC:
            with gzip.GzipFile(fileobj=file, mode="rb") as unpacked:
                yield unpacked, name
        else:
            yield file, name
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataError(
            f"{name}: expected whole gzip data, found: {error}; get it again"
        ) from error
    except OSError as error:
        raise FileError(f"{name}: cannot be read: {error}") from error


def _read_header(stream: Readable, name: str) -> ArrayHeader:
    start = stream.read(4)
    dtype = _TYPES.get(start[2]) if len(start) == 4 and start[:2] == b"\0\0" else None
    if dtype is None:
        raise DataError(
            f"{name}: expected an IDX file, which starts with 00 00, a type (one of "
            f"{', '.join(f'{code:02x}' for code in _TYPES)}) and the number of axes; found "
            f"{start.hex(' ') or 'an empty file'}"
        )
    axes = start[3]
    if not 0 < axes <= _MAX_AXES:
        raise DataError(f"{name}: expected 1 to {_MAX_AXES} axes in its header, found {axes}")
    lengths = stream.read(4 * axes)
    if len(lengths) < 4 * axes:
        raise DataError(
            f"{name}: expected a header of {4 + 4 * axes} bytes for {axes} axes, found "
            f"{4 + len(lengths)}; the file is cut short: get it again"
        )
    shape = tuple(int.from_bytes(lengths[at : at + 4], "big") for at in range(0, 4 * axes, 4))
    if 0 in shape:
        raise DataError(f"{name}: expected at least one value, found an array of shape {shape}")
    return ArrayHeader(name, shape, dtype)
