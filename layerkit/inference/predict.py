"""Predictions for all examples of a file, written as they are made."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, TypeAlias

import numpy as np

from layerkit.arrays import Array
from layerkit.engine.network import Network
from layerkit.errors import FileError, UsageError
from layerkit.formats.arrow_writer import arrow_writer
from layerkit.formats.atomic import written_atomically
from layerkit.formats.npz_rows import NpzRowWriter
from layerkit.formats.parquet_writer import parquet_writer
from layerkit.formats.row_writers import CsvWriter, JsonlWriter, RowWriter, Writable, WrittenColumn
from layerkit.formats.text import STANDARD_INPUT
from layerkit.inference.columns import Outputs, PredictedArrays, predicted_columns
from layerkit.inference.file_options import FileFormat, FileOptions, input_format, output_format
from layerkit.inference.inputs import InputChunk, open_inputs
from layerkit.plan.network import NetworkPlan

STANDARD_OUTPUT = STANDARD_INPUT
"""The path that stands for standard output."""


class ReaderGone(Exception):  # noqa: N818  # nothing is wrong
    """Nobody reads standard output any more."""


_Write: TypeAlias = Callable[[InputChunk, Array], None]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What is to be predicted from which file, and where the predictions go.

    Attributes
    ----------
    input, output
        The files; ``-`` is standard input or standard output.
    options
        How the input is written.
    output_format
        How the output is to be written; None: as its name says.
    outputs
        What is written of a prediction.
    keep
        Columns of the input that are copied to the output, before the predictions.
    """

    input: Path
    output: Path = STANDARD_OUTPUT
    options: FileOptions = field(default_factory=FileOptions)
    output_format: FileFormat | None = None
    outputs: Outputs = "all"
    keep: Sequence[str] = ()


def predict_file(
    network: Network, wanted: Prediction, progress: Callable[[int], None] = lambda _: None
) -> int:
    """Predict for every example of a file, in order; return how many there are.

    However long the file, a bounded number of rows is in memory.

    Parameters
    ----------
    network
        What predicts.
    wanted
        From what, and where to. An output file appears whole, or not at all after an error.
    progress
        Called with the number of examples that are done.

    Raises
    ------
    UsageError
        If files and network do not go together.
    DataError
        If the input is not what the network takes; it says where.
    FileError
        If a file cannot be read or written.
    ReaderGone
        If nobody reads standard output any more.
    """
    wanted.options.check()
    plan = network.plan
    read = input_format(wanted.input, wanted.options, plan.spec.data)
    write = output_format(wanted.output, wanted.output_format, read)
    done = 0
    with open_inputs(plan, wanted.input, read, wanted.options, wanted.keep) as chunks:
        first = [*islice(chunks, 1)]  # before any output: mistakes are mostly in all rows
        with _opened(wanted.output) as stream, _writer(network, wanted, write, stream) as add:
            for chunk in chain(first, chunks):
                add(chunk, network.predict(chunk.inputs))
                done += len(chunk.inputs)
                progress(done)
    return done


@contextmanager
def _opened(path: Path) -> Generator[BinaryIO]:
    if path != STANDARD_OUTPUT:
        with written_atomically(path) as stream:
            yield stream
        return
    try:
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except BrokenPipeError as error:
        raise ReaderGone from error
    except OSError as error:
        raise FileError(f"standard output: cannot write: {error.strerror}") from error


@contextmanager
def _writer(
    network: Network, wanted: Prediction, write: FileFormat, stream: BinaryIO
) -> Generator[_Write]:
    plan = network.plan
    none: Array = np.empty((0, *plan.loss.prediction), plan.dtype)
    if write == "npz":
        if wanted.keep:
            raise UsageError("--keep: expected a table as the output, found a file of arrays")
        arrays = PredictedArrays(plan, wanted.outputs)
        with NpzRowWriter(stream) as npz:
            npz.write(arrays.arrays(none))  # so that they are there without examples too
            yield lambda _, predictions: npz.write(arrays.arrays(predictions))
            npz.finish(arrays.constants())
        return
    columns = predicted_columns(plan, wanted.outputs)
    names = (*wanted.keep, *columns.names)
    twice = next((name for name in wanted.keep if names.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"--keep {twice}: the output would have two columns of that name")
    with _row_writer(wanted, write, names, stream, plan) as rows:
        rows.write([*([] for _ in wanted.keep), *columns.columns(none)])  # for their types
        yield partial(_add, rows, columns.columns)


@contextmanager
def _row_writer(
    wanted: Prediction,
    write: FileFormat,
    names: Sequence[str],
    stream: BinaryIO,
    plan: NetworkPlan,
) -> Generator[RowWriter]:
    if write == "parquet":
        with parquet_writer(stream, names) as rows:
            yield rows
        return
    if write == "arrow":
        with arrow_writer(stream, names) as rows:
            yield rows
        return
    with _packed(stream, wanted.output) as text:
        if write == "jsonl":
            yield JsonlWriter(text, names)
        else:
            # Cells that are copied keep the input's decimal sign, so all others get it too.
            yield CsvWriter(text, names, wanted.options.dialect(plan.spec.data))


@contextmanager
def _packed(stream: BinaryIO, path: Path) -> Generator[Writable]:
    """Compress what is written, if the file's name says so."""
    if path.suffix.lower() != ".gz":
        yield stream
        return
    with gzip.GzipFile("", "wb", fileobj=stream, mtime=0) as packed:
        yield packed


def _add(
    rows: RowWriter,
    columns: Callable[[Array], Sequence[WrittenColumn]],
    chunk: InputChunk,
    predictions: Array,
) -> None:
    rows.write([*chunk.kept, *columns(predictions)])
