"""Examples from Parquet files."""

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
    check_duckdb,
    open_parquet,
)


class ParquetConfig(TableConfig):
    """Rows of Parquet files; needs duckdb: ``pip install 'layerkit[parquet]'``.

    Columns of integers, floating-point numbers, decimals, booleans and texts are read. NULL is a
    missing value; nan is one if `missing_values` has ``"nan"``, else an error.
    Inputs ``(n, features)``; targets ``(n,)`` class indices or ``(n, targets)`` numbers.

    References
    ----------
    Apache Parquet documentation, "File Format".
    """

    type: Literal["parquet"] = "parquet"
    path: Annotated[DataPath, Field(examples=["penguins.parquet"])]

    def info(self) -> DataInfo:
        """Read the names of the columns, if the files are there."""
        check_duckdb()
        return super().info()

    def open(self, path: Path) -> AbstractContextManager[TableSource]:
        """Open a Parquet file."""
        return open_parquet(path)


@final
class Parquet(Table[ParquetConfig]):
    """See `ParquetConfig`."""
