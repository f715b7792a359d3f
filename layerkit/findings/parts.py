"""The parts of data as findings need them: cells by column, and where each row comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np

from layerkit.arrays import Array, Inputs, Labels, Targets
from layerkit.contracts.columns import CategoryColumn
from layerkit.contracts.dataset import DataInfo, Splits
from layerkit.contracts.table import TableConfig
from layerkit.contracts.table_encoder import PARTS, Encoded
from layerkit.engine.data import Part, Parts, load_data, split
from layerkit.plan.network import NetworkPlan
from layerkit.randomness import generator

_VALUES = 1 << 22
"""Values that are looked at at a time."""
_MOST_VALUES = 1 << 28
"""Values of a part that are looked at; of more, rows at even distances."""

ColumnKind: TypeAlias = Literal["number", "category", "id"]


@dataclass(frozen=True, slots=True)
class ColumnOfCells:
    """A column of a table, or a feature of another dataset.

    Attributes
    ----------
    name
        What messages call it.
    kind
        Whether its cells are numbers, indices of categories, or ids of a vocabulary.
    start, end
        The features that it became.
    categories
        What the indices mean.
    """

    name: str
    kind: ColumnKind
    start: int
    end: int
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class DataParts:
    """All parts of a spec's data.

    Attributes
    ----------
    plan
        Of the spec.
    splits
        What the dataset loaded.
    parts
        What a run trains, validates and tests on.
    columns
        What the cells of a row are.
    most_values
        How many values of a part are looked at.
    """

    plan: NetworkPlan
    splits: Splits
    parts: Parts
    columns: Sequence[ColumnOfCells]
    most_values: int = _MOST_VALUES

    @cached_property
    def named(self) -> Mapping[str, Part]:
        """The rows of each part that are looked at, by name; parts without rows are left out."""
        return {name: self._limited(part) for name, part in self.whole.items()}

    def _limited(self, part: Part) -> Part:
        most = max(1, self.most_values // max(1, int(np.prod(part.examples.inputs.shape[1:]))))
        if len(part) <= most:
            return part
        chosen = np.linspace(0, len(part) - 1, most).astype(np.int64)
        return Part(part.examples, part.rows[chosen])

    @property
    def train(self) -> Part:
        """The rows to train on that are looked at."""
        return self.named["train"]

    @property
    def whole(self) -> Mapping[str, Part]:
        """The parts that have rows, by name, with all of them."""
        parts = {"train": self.parts.train, "validation": self.parts.validation}
        if self.parts.test is not None:
            parts["test"] = self.parts.test
        return {name: part for name, part in parts.items() if len(part)}

    def cells(self, part: Part) -> Iterator[tuple[int, Array]]:
        """Yield cells ``(n, columns)`` a stretch of rows at a time, after the rows before them."""
        start = 0
        for rows in stretches(part):
            yield start, self._of_rows(part, rows)
            start += len(rows)

    def sample(self, part: Part, size: int) -> tuple[Array, Labels]:
        """Return cells of some rows, and which rows of the part they are; the same every time."""
        chosen: Labels = np.arange(len(part))
        if len(part) > size:
            chosen = np.sort(generator(0, "sample").permutation(len(part))[:size])
        return self._of_rows(part, part.rows[chosen]), chosen

    def _of_rows(self, part: Part, rows: Labels) -> Array:
        inputs = inputs_of(part, rows)
        flat = inputs.reshape(len(rows), -1)
        if flat.shape[1] == len(self.columns):
            return flat.astype(np.float64)
        cells: Array = np.zeros((len(rows), len(self.columns)))
        for index, column in enumerate(self.columns):
            if column.end - column.start > 1:
                cells[:, index] = flat[:, column.start : column.end].argmax(axis=1)
            else:
                cells[:, index] = flat[:, column.start]
        return cells

    def place(self, name: str, row: int, column: ColumnOfCells | None = None) -> str:
        """Return where a row of a part is, or a cell of it, as messages show it."""
        part = self.named[name]
        index = int(part.rows[row])
        config = self.plan.spec.data
        if isinstance(config, TableConfig):
            own = next(
                own
                for own in PARTS
                if (examples := self._own(own)) is not None and part.examples is examples
            )
            path = {"validation": config.validation_path, "test": config.test_path}.get(own)
            file_row = self._file_rows[own][index]
            with config.open(path or config.path) as source:
                if column is None:
                    return f"{source.name}:{file_row}"
                return source.place(file_row, column.name)
        where = f"{name} example {index}"
        return where if column is None else f"{where}, {column.name}"

    def _own(self, name: str) -> object:
        return {
            "train": self.splits.train,
            "validation": self.splits.validation,
            "test": self.splits.test,
        }[name]

    @cached_property
    def table(self) -> Mapping[str, Encoded]:
        """The rows of a table's files as they were read; empty for other datasets."""
        config = self.plan.spec.data
        if not isinstance(config, TableConfig):
            return {}
        paths = {
            "train": config.path,
            "validation": config.validation_path,
            "test": config.test_path,
        }
        return {name: config.read(path) for name, path in paths.items() if path is not None}

    @cached_property
    def _file_rows(self) -> Mapping[str, Sequence[int]]:
        """Where the rows of the dataset's own parts are in their files."""
        found: dict[str, Sequence[int]] = {}
        for name, encoded in self.table.items():
            if encoded.parts is None:
                found[name] = encoded.rows
            else:
                rows = np.array(encoded.rows)
                found |= {
                    each: rows[encoded.parts == number].tolist()
                    for number, each in enumerate(PARTS)
                }
        return found


def inputs_of(part: Part, rows: Labels) -> Inputs:
    """Return inputs of some of the dataset's rows."""
    inputs, reader = part.examples.inputs, part.examples.input_rows
    if reader is None:
        return inputs[rows]
    out: Inputs = np.zeros((len(rows), *inputs.shape[1:]), inputs.dtype)
    reader.take(rows, out)
    return out


def targets_of(part: Part, rows: Labels) -> Targets:
    """Return targets of some of the dataset's rows."""
    targets, reader = part.examples.targets, part.examples.target_rows
    if reader is None:
        return targets[rows]
    out: Targets = np.zeros((len(rows), *targets.shape[1:]), targets.dtype)
    reader.take(rows, out)
    return out


def stretches(part: Part) -> Iterator[Labels]:
    """Yield the rows of a part, as many at a time as fit into memory easily."""
    size = max(1, _VALUES // max(1, int(np.prod(part.examples.inputs.shape[1:]))))
    for start in range(0, len(part), size):
        yield part.rows[start : start + size]


def read_parts(plan: NetworkPlan) -> DataParts:
    """Load the data of a spec, and split them as a run does.

    Raises
    ------
    DataError, FileError, PluginError
        If they cannot be loaded.
    """
    splits = load_data(plan)
    parts = split(plan, splits)
    config = plan.spec.data
    columns = _of_table(config) if isinstance(config, TableConfig) else _of_features(plan.info)
    return DataParts(plan, splits, parts, columns)


def _of_table(config: TableConfig) -> list[ColumnOfCells]:
    columns: list[ColumnOfCells] = []
    start = 0
    for name, column in config.columns.items():
        end = start + len(column.features(name))
        if isinstance(column, CategoryColumn):
            columns.append(ColumnOfCells(name, "category", start, end, column.categories))
        else:
            columns.append(ColumnOfCells(name, "number", start, end))
        start = end
    return columns


def _of_features(info: DataInfo) -> list[ColumnOfCells]:
    kind: ColumnKind = "number" if info.vocabulary is None else "id"
    count = int(np.prod(info.input_shape))
    names = info.features
    if len(names) != count:
        shape = info.input_shape
        is_flat = len(shape) < 2
        names = tuple(
            f"feature {index if is_flat else tuple(map(int, np.unravel_index(index, shape)))}"
            for index in range(count)
        )
    return [ColumnOfCells(name, kind, at, at + 1) for at, name in enumerate(names)]
