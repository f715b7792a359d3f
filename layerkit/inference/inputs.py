"""The inputs in a file, as a network takes them, a bounded number of rows at a time."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path

from layerkit.arrays import Inputs, Shape, Values, is_numeric
from layerkit.contracts.columns import Column, NumberColumn
from layerkit.contracts.dataset import DataInfo
from layerkit.contracts.table import TableConfig
from layerkit.contracts.table_encoder import TableEncoder, TableSchema
from layerkit.errors import DataError, FileError, UsageError
from layerkit.formats.table import CHUNK_ROWS, Cell, Chunk, TableSource
from layerkit.formats.table_files import open_table
from layerkit.formats.text import STANDARD_INPUT
from layerkit.inference.file_options import FileFormat, FileOptions
from layerkit.inference.stored_arrays import open_chunks
from layerkit.plan.network import NetworkPlan

CHUNK_CELLS = 1 << 18
"""The most cells that are held at a time, those of predictions too, unless 64 rows have more."""
CHUNK_BYTES = 1 << 22
"""About how many bytes of an array are held at a time."""


@dataclass(frozen=True, slots=True)
class InputChunk:
    """Some examples of a file.

    Attributes
    ----------
    inputs
        ``(n, *input_shape)``, as `Network.predict` takes them.
    kept
        The cells of the columns that are to be copied to the output.
    """

    inputs: Inputs
    kept: Sequence[Sequence[Cell]] = ()


@contextmanager
def open_inputs(
    plan: NetworkPlan,
    path: Path,
    file_format: FileFormat,
    options: FileOptions,
    keep: Sequence[str] = (),
) -> Generator[Iterator[InputChunk]]:
    """Open a file of inputs; yields all of them, in order.

    Parameters
    ----------
    plan
        Of the network. One that was trained on a table finds its columns by their names, in any
        order; one that was trained on arrays takes all columns that are not kept.
    path
        The file; ``-`` is standard input.
    file_format, options
        How it is written.
    keep
        Columns to be copied to the output.

    Raises
    ------
    UsageError
        If such a file cannot be what the network takes.
    DataError
        If it is damaged, lacks columns, or has cells or shapes that the network does not take.
    FileError
        If it cannot be read.
    """
    if path == STANDARD_INPUT and vars(sys)["stdin"] is None:
        raise FileError("standard input: expected what to predict from, found it closed")
    data = plan.spec.data
    if file_format == "npz":
        if isinstance(data, TableConfig):
            raise UsageError(
                f"{path}: expected a table (.csv, .jsonl, .parquet or .arrow), as the network was "
                "trained on named columns; found a file of arrays"
            )
        if keep:
            raise UsageError("--keep: expected a table as the input, found a file of arrays")
        with open_chunks(path, options.array, CHUNK_BYTES) as chunks:
            yield _of_arrays(chunks, plan)
        return
    is_own = file_format == data.type_name() and not options.describes_csv
    if isinstance(data, TableConfig) and is_own:
        opened = data.open(path)
    else:
        opened = open_table(path, file_format, options.dialect(data))
    with opened as source:
        if isinstance(data, TableConfig):
            schema = data.table_schema
        else:
            schema = TableSchema(_features(plan.info, source, keep), ())
        yield _of_table(schema, source, keep, plan)


def _features(info: DataInfo, source: TableSource, keep: Sequence[str]) -> Mapping[str, Column]:
    """Return the columns of a table that become the values of an input."""
    names = info.features or tuple(name for name in source.columns if name not in keep)
    expected = prod(info.input_shape)
    if len(names) != expected:
        raise DataError(
            f"{source.name}: expected {expected} columns, one for each number of an input "
            f"{info.input_shape}, found {len(names)}; --keep COLUMN takes one that is no input"
        )
    return dict.fromkeys(names, NumberColumn(missing="keep" if info.has_missing else "error"))


def _of_table(
    schema: TableSchema, source: TableSource, keep: Sequence[str], plan: NetworkPlan
) -> Iterator[InputChunk]:
    both = _Keeping(source, keep)
    size = _rows_at_a_time(plan, len(schema.columns) + len(keep))
    for inputs, _ in TableEncoder(schema, both).inputs(size):
        yield InputChunk(inputs.reshape(len(inputs), *plan.info.input_shape), both.kept)


def _rows_at_a_time(plan: NetworkPlan, width: int) -> int:
    """Return how many rows of that many cells are held at a time, with their predictions."""
    return max(64, min(CHUNK_ROWS, CHUNK_CELLS // (width + prod(plan.loss.prediction))))


class _Keeping(TableSource):
    """A table that keeps more columns of the last chunk than it was asked for."""

    def __init__(self, source: TableSource, keep: Sequence[str]) -> None:
        super().__init__(source.name, source.columns, source.decimal, source.thousands)
        self._source = source
        self._keep = keep
        self.kept: Sequence[Sequence[Cell]] = ()

    def chunks(self, names: Sequence[str], size: int = CHUNK_ROWS) -> Iterator[Chunk]:
        for chunk in self._source.chunks([*names, *self._keep], size):
            self.kept = chunk.columns[len(names) :]
            yield Chunk(chunk.columns[: len(names)], chunk.rows)

    def place(self, row: int, column: str) -> str:
        return self._source.place(row, column)


def _of_arrays(chunks: Iterator[tuple[str, Values]], plan: NetworkPlan) -> Iterator[InputChunk]:
    size = _rows_at_a_time(plan, 0)
    for name, values in chunks:
        inputs = inputs_of(values, plan.info.input_shape, name)
        for start in range(0, len(inputs), size):
            yield InputChunk(inputs[start : start + size])


def inputs_of(values: Values, shape: Shape, name: str) -> Inputs:
    """Return stored inputs in the shape that a network takes; images may be stored without axes.

    Raises
    ------
    DataError
        If they are no such inputs.
    """
    if not is_numeric(values):
        raise DataError(f"{name}: expected numbers, found {values.dtype}")
    if values.ndim == 0 or prod(values.shape[1:]) != prod(shape):
        raise DataError(
            f"{name}: expected examples of shape {shape}, found an array of shape "
            f"('n', {', '.join(map(str, values.shape[1:]))})"
        )
    return values.reshape(len(values), *shape)
