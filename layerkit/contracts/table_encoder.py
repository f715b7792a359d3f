"""From rows of a table to the numbers that a network gets."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from layerkit.arrays import Array, Labels, Targets
from layerkit.contracts.cells import MISSING, UNKNOWN, Cells, are_texts, missing_cells
from layerkit.contracts.columns import Column, one_of
from layerkit.contracts.dataset import ClassTarget, Examples, Target, VectorTarget
from layerkit.contracts.wrong_cells import WrongCells
from layerkit.formats.table import CHUNK_ROWS, Cell, Chunk, TableSource

PARTS = ("train", "validation", "test")
"""What the column that tells the splits apart may say."""
_Dropped: TypeAlias = dict[int, tuple[str, Cell]]
"""Rows that are left out, with the column and the cell for whose sake."""


@dataclass(frozen=True, slots=True)
class TableSchema:
    """Which columns of a table are read, and as what.

    Attributes
    ----------
    columns
        What the network gets, by name, in this order.
    targets
        The columns to be predicted.
    classes
        What the classes are called, in the order of their indices; empty if targets are numbers.
    weight
        The column that says how much each row counts.
    split
        The column that says what each row is for, one of `PARTS`.
    missing_values
        The texts that stand for a missing value.
    missing_target
        What becomes of a row without a target.
    """

    columns: Mapping[str, Column]
    targets: tuple[str, ...]
    classes: tuple[str, ...] = ()
    weight: str | None = None
    split: str | None = None
    missing_values: frozenset[str] = frozenset({""})
    missing_target: Literal["error", "drop"] = "error"

    @property
    def features(self) -> tuple[str, ...]:
        """What the values of an input are called."""
        return tuple(
            feature for name, column in self.columns.items() for feature in column.features(name)
        )

    @property
    def has_missing(self) -> bool:
        """Whether inputs may be nan."""
        return any(column.may_be_missing for column in self.columns.values())

    @property
    def target(self) -> Target:
        """What the targets are."""
        if self.classes:
            return ClassTarget(len(self.classes), self.classes)
        return VectorTarget((len(self.targets),), self.targets)

    @property
    def beside_inputs(self) -> tuple[str, ...]:
        """The columns that are read in training and are no inputs."""
        return (*self.targets, *filter(None, (self.weight, self.split)))


@dataclass(frozen=True, slots=True)
class Encoded:
    """Rows as numbers.

    Attributes
    ----------
    examples
        Inputs ``(n, features)`` in float64, targets and weights.
    parts
        What each row is for, an index into `PARTS`; None without a column that says so.
    rows
        Where each row is in its file.
    dropped
        How many rows were left out.
    """

    examples: Examples
    parts: Labels | None
    rows: Sequence[int]
    dropped: int


class TableEncoder:
    """Encodes the rows of one table, and collects what is wrong with its cells.

    Parameters
    ----------
    schema
        What to read.
    source
        Where from.
    """

    def __init__(self, schema: TableSchema, source: TableSource) -> None:
        self._schema = schema
        self._source = source
        self._wrong = WrongCells(source)
        self._missing = missing_cells(schema.missing_values)
        self._is_nan_missing = any(text.lower() == "nan" for text in schema.missing_values)

    def inputs(self, size: int = CHUNK_ROWS) -> Iterator[tuple[Array, Sequence[int]]]:
        """Yield inputs ``(n, features)`` of all rows, for prediction, and where the rows are.

        Raises
        ------
        DataError
            If a cell is not what its column says; no row is left out.
        """
        for chunk in self._chunks([*self._schema.columns], size):
            dropped = _Dropped()
            inputs = self._inputs(chunk, dropped)
            for row, (name, cell) in dropped.items():
                self._wrong.note(name, chunk.rows[row], "a value to predict from", cell)
            self._wrong.check()
            yield inputs, chunk.rows

    def examples(self, size: int = CHUNK_ROWS) -> Iterator[Encoded]:
        """Yield inputs, targets and weights of all rows that are not left out.

        Raises
        ------
        DataError
            After the last row, if a cell was not what its column says.
        """
        names = [*self._schema.columns, *self._schema.beside_inputs]
        for chunk in self._chunks(names, size):
            yield self._encoded(chunk)
        self._wrong.check()

    def _chunks(self, names: Sequence[str], size: int) -> Iterator[Chunk]:
        """Yield chunks that are what they promise: a plugin may have made them."""
        for chunk in self._source.chunks(names, size):
            lengths = [len(column) for column in chunk.columns]
            if lengths != [len(chunk)] * len(names):
                raise TypeError(
                    f"expected chunks of {len(names)} columns with a cell for each of the "
                    f"{len(chunk)} rows, found columns of lengths {lengths}"
                )
            yield chunk

    def _encoded(self, chunk: Chunk) -> Encoded:
        schema, dropped = self._schema, _Dropped()
        beside = dict(zip(schema.beside_inputs, chunk.columns[len(schema.columns) :], strict=True))
        inputs = self._inputs(chunk, dropped)
        targets = self._targets(chunk, beside, dropped)
        weights, parts = None, None
        if schema.weight is not None:
            weights = self._weights(schema.weight, chunk, beside[schema.weight])
        if schema.split is not None:
            parts = self._parts(schema.split, chunk, beside[schema.split])
        rows = array("q", chunk.rows)
        if dropped:
            kept = [row for row in range(len(chunk)) if row not in dropped]
            inputs, targets = inputs[kept], targets[kept]
            weights = None if weights is None else weights[kept]
            parts = None if parts is None else parts[kept]
            rows = array("q", [chunk.rows[row] for row in kept])
        return Encoded(Examples(inputs, targets, weights), parts, rows, len(dropped))

    def _inputs(self, chunk: Chunk, dropped: _Dropped) -> Array:
        """Return the inputs of all rows; note which ones are to be left out, and why."""
        inputs: Array = np.zeros((len(chunk), len(self._schema.features)))
        start = 0
        for (name, column), values in zip(
            self._schema.columns.items(), chunk.columns, strict=False
        ):
            end = start + len(column.features(name))
            cells = self._cells(values)
            column.encode(cells, inputs[:, start:end])
            self._note(name, chunk, cells, dropped)
            start = end
        return inputs

    def _targets(
        self, chunk: Chunk, beside: Mapping[str, Sequence[Cell]], dropped: _Dropped
    ) -> Targets:
        schema = self._schema
        if schema.classes:
            name = schema.targets[0]
            cells = self._cells(beside[name])
            labels = cells.indices(schema.classes)
            self._without_target(np.flatnonzero(labels == MISSING), cells)
            for row in np.flatnonzero(labels == UNKNOWN).tolist():
                cells.wrong.append((row, one_of(schema.classes, cells, row)))
            self._note(name, chunk, cells, dropped)
            return np.maximum(labels, 0)
        targets: Array = np.zeros((len(chunk), len(schema.targets)))
        for index, name in enumerate(schema.targets):
            cells = self._cells(beside[name])
            targets[:, index] = cells.numbers()
            self._without_target(np.flatnonzero(np.isnan(targets[:, index])), cells)
            self._note(name, chunk, cells, dropped)
        return targets

    def _without_target(self, rows: Labels, cells: Cells) -> None:
        if self._schema.missing_target == "drop":
            cells.dropped += rows.tolist()
        else:
            cells.wrong += [(row, "a value") for row in rows.tolist()]

    def _weights(self, name: str, chunk: Chunk, values: Sequence[Cell]) -> Array:
        cells = self._cells(values)
        weights = cells.numbers()
        wrong = np.flatnonzero(~(weights >= 0)).tolist()
        cells.wrong += [(row, "a number from 0") for row in wrong]
        self._note(name, chunk, cells, _Dropped())
        return weights

    def _parts(self, name: str, chunk: Chunk, values: Sequence[Cell]) -> Labels:
        cells = self._cells(values)
        parts = cells.indices(PARTS)
        wrong = np.flatnonzero(parts < 0).tolist()
        cells.wrong += [(row, f"one of {', '.join(PARTS)}") for row in wrong]
        self._note(name, chunk, cells, _Dropped())
        return parts

    def _cells(self, values: Sequence[Cell]) -> Cells:
        """Return cells without the blanks around texts, and None for those that are missing."""
        if are_texts(values):
            values = [*map(str.strip, values)]
        else:
            values = [cell.strip() if isinstance(cell, str) else cell for cell in values]
        if not self._missing.isdisjoint(values):
            values = [None if cell in self._missing else cell for cell in values]
        if self._is_nan_missing:
            values = [None if cell != cell else cell for cell in values]  # noqa: PLR0124  # nan
        return Cells(values, self._source.decimal, self._source.thousands)

    def _note(self, name: str, chunk: Chunk, cells: Cells, dropped: _Dropped) -> None:
        hint = "'missing' of a column says what becomes of rows without a value"
        if name in self._schema.targets:
            hint = "'missing_target' says what becomes of rows without a target"
        elif name not in self._schema.columns:
            hint = ""
        for row in cells.dropped:
            dropped.setdefault(row, (name, cells.values[row]))
        for row, expected in sorted(cells.wrong):
            found = cells.values[row]
            self._wrong.note(name, chunk.rows[row], expected, found, hint if found is None else "")
