"""Examples from Arrow files."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Literal, final

from pydantic import Field

from layerkit.plugin import (
    DataInfo,
    DataPath,
    Table,
    TableConfig,
    TableSource,
    check_pyarrow,
    open_arrow,
)


class ArrowConfig(TableConfig):
    """Rows of Arrow IPC (Feather) files; needs pyarrow: ``pip install 'layerkit[arrow]'``.

    Columns of integers, floating-point numbers, decimals, booleans and texts are read, also as
    dictionaries (pandas' categories). null is a missing value; nan is one if `missing_values` has
    ``"nan"``, else an error.
    Inputs ``(n, features)``; targets ``(n,)`` class indices or ``(n, targets)`` numbers.

    References
    ----------
    Apache Arrow, Arrow columnar format, "Serialization and Interprocess Communication (IPC)".
    """

    type: Literal["arrow"] = "arrow"
    path: Annotated[DataPath, Field(examples=["penguins.arrow"])]

    def info(self) -> DataInfo:
        """Read the names of the columns, if the files are there."""
        check_pyarrow()
        return super().info()

    def open(self, path: Path) -> AbstractContextManager[TableSource]:
        """Open an Arrow file."""
        return open_arrow(path)


@final
class Arrow(Table[ArrowConfig]):
    """See `ArrowConfig`."""
