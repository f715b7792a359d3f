"""Arrays that are written a few rows at a time into an ``.npz`` file."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import BinaryIO, Self, final
from zipfile import ZIP_STORED, ZipFile

import numpy as np
from numpy.lib import format as npy

from layerkit.arrays import Shape, Values


@final
class NpzRowWriter:
    """Collects rows in temporary files; writes the archive at the end, when their number is known.

    Parameters
    ----------
    stream
        Where to; need not be seekable.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._rows: dict[str, _Rows] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Remove the temporary files."""
        self._stack.close()

    def write(self, arrays: Mapping[str, Values]) -> None:
        """Add rows to arrays ``(n, *shape)``, always the same ones."""
        for name, values in arrays.items():
            if name not in self._rows:
                file = self._stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
                self._rows[name] = _Rows(file, values.dtype, values.shape[1:])
            self._rows[name].add(values)

    def finish(self, constants: Mapping[str, Values]) -> None:
        """Write the archive, with more arrays after those that were collected."""
        with ZipFile(self._stream, "w", ZIP_STORED) as archive:
            for name, rows in self._rows.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                    header = {
                        "descr": npy.dtype_to_descr(rows.dtype),
                        "fortran_order": False,
                        "shape": (rows.count, *rows.shape),
                    }
                    npy.write_array_header_1_0(member, header)
                    rows.file.seek(0)
                    shutil.copyfileobj(rows.file, member)
            for name, values in constants.items():
                with archive.open(f"{name}.npy", "w") as member:
                    npy.write_array(member, values, allow_pickle=False)


@final
class _Rows:
    """The rows of one array so far."""

    def __init__(self, file: BinaryIO, dtype: np.dtype[np.generic], shape: Shape) -> None:
        self.file = file
        self.dtype = dtype
        self.shape = shape
        self.count = 0

    def add(self, values: Values) -> None:
        self.file.write(np.ascontiguousarray(values).data)
        self.count += len(values)
