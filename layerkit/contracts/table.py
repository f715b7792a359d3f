"""What datasets that are tables have in common: columns, a target, and how rows are read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from collections.abc import Mapping
from contextlib import AbstractContextManager
from itertools import chain
from pathlib import Path
from typing import Annotated, Literal, Self, TypeAlias, TypeVar

import numpy as np
from pydantic import Field, PlainSerializer, PlainValidator, Strict, WithJsonSchema, model_validator

from layerkit.arrays import Inputs
from layerkit.contracts.columns import AnyColumn, Categories, CategoryColumn
from layerkit.contracts.dataset import (
    DataInfo,
    DataPath,
    Dataset,
    DatasetConfig,
    Examples,
    Splits,
)
from layerkit.contracts.table_encoder import PARTS, Encoded, TableEncoder, TableSchema
from layerkit.errors import DataError
from layerkit.formats.csv_table import Dialect
from layerkit.formats.files import is_missing
from layerkit.formats.table import TableSource
from layerkit.problems import problem, problem_at
from layerkit.values import is_sequence


def _names(value: object) -> tuple[str, ...]:
    given = (value,) if isinstance(value, str) else value
    if not is_sequence(given) or not given or not all(isinstance(each, str) for each in given):
        raise problem("wrong-type", "expected the name of a column, or a list of names")
    return tuple(str(each) for each in given)


def _one_or_all(names: tuple[str, ...]) -> str | list[str]:
    return names[0] if len(names) == 1 else [*names]


ColumnNames: TypeAlias = Annotated[
    tuple[str, ...],
    PlainValidator(_names),
    PlainSerializer(_one_or_all),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ]
        }
    ),
]
"""Names of columns; in a spec one name may stand for a list of one."""


class TableConfig(DatasetConfig, ABC):
    """Base of the configs of datasets that are tables: a row an example, a column a value.

    The spec says what every column is; nothing is inferred from the file when it is run. Columns
    that it does not name are not read.

    Attributes
    ----------
    path
        The file to train on.
    validation_path, test_path
        Files with the same columns to validate and to test on.
    target
        The column to predict; for numbers, several are a list.
    classes
        What the classes are called in the target's column, in the order of their indices; without
        them, targets are numbers.
    columns
        What the network gets: ``"number"``, or a table; see `NumberColumn`, `CategoryColumn`.
    weight
        A column of numbers from 0 that say how much each row counts.
    split_column
        A column that says what each row is for: ``train``, ``validation`` or ``test``.
    missing_values
        The texts that stand for a missing value, in every column.
    missing_target
        What becomes of a row without a target: ``"error"``, or ``"drop"`` to leave it out.
    """

    path: Annotated[DataPath, Field(examples=["penguins.csv"])]
    validation_path: DataPath | None = None
    test_path: DataPath | None = None
    target: Annotated[ColumnNames, Field(examples=["body_mass"])]
    classes: Categories | None = None
    columns: Annotated[
        Mapping[str, AnyColumn],
        Field(examples=[{"bill_length": "number", "flipper_length": "number"}]),
    ]
    weight: str | None = None
    split_column: str | None = None
    missing_values: Annotated[tuple[str, ...], Strict(strict=False)] = ("",)
    missing_target: Literal["error", "drop"] = "error"

    @model_validator(mode="after")
    def _columns_belong_together(self) -> Self:
        if not self.columns:
            raise problem("wrong-value", "expected at least one column for the network")
        if self.classes is not None and len(self.target) > 1:
            raise problem("wrong-value", "expected one target with classes, found several")
        beside = [*self.table_schema.beside_inputs]
        twice = [name for name in beside if name in self.columns or beside.count(name) > 1]
        if twice:
            raise problem(
                "wrong-value",
                f"expected '{twice[0]}' to be one of columns, target, weight and split_column",
                "name it once",
            )
        missing = {text.strip() for text in self.missing_values}
        named = {"classes": self.classes or ()} | {
            name: column.categories
            for name, column in self.columns.items()
            if isinstance(column, CategoryColumn)
        }
        for name, categories in named.items():
            both = next((each for each in categories if each.strip() in missing), None)
            if both is not None:
                reason = f"expected '{both}' to be a missing value or one of '{name}', found both"
                at = ("columns", name, "categories") if name in self.columns else ("classes",)
                error = problem("wrong-value", reason, "change it, or missing_values")
                raise problem_at(at, both, error)
        if self.split_column is not None and (self.validation_path or self.test_path):
            raise problem(
                "wrong-value", "expected split_column or files to validate and test on, found both"
            )
        return self

    @property
    def table_schema(self) -> TableSchema:
        """Which columns are read, and as what."""
        return TableSchema(
            self.columns,
            self.target,
            self.classes or (),
            self.weight,
            self.split_column,
            frozenset(self.missing_values),
            self.missing_target,
        )

    @property
    def dialect(self) -> Dialect:
        """How CSV files with the same columns are taken to be written."""
        return Dialect()

    @abstractmethod
    def open(self, path: Path) -> AbstractContextManager[TableSource]:
        """Open a table for reading.

        Raises
        ------
        DataError, FileError
            If it cannot be read.
        """

    def info(self) -> DataInfo:
        """Read the names of the columns, if the files are there."""
        schema = self.table_schema
        for path in filter(None, (self.path, self.validation_path, self.test_path)):
            if not is_missing(path):
                with self.open(path) as source:
                    source.indices([*schema.columns, *schema.beside_inputs])
        features = schema.features
        is_split = self.split_column is not None
        return DataInfo(
            (len(features),),
            schema.target,
            train=None,
            test=None if is_split or self.test_path else 0,
            validation=None if is_split or self.validation_path else 0,
            bytes_per_value=8,
            features=features,
            has_missing=schema.has_missing,
        )

    def read(self, path: Path) -> Encoded:
        """Return all rows of a table as numbers.

        Raises
        ------
        DataError
            If it is damaged or empty, or a cell is not what its column says.
        FileError
            If it cannot be read.
        """
        with self.open(path) as source:
            chunks = [*TableEncoder(self.table_schema, source).examples()]
        if not sum(len(chunk.rows) for chunk in chunks):
            left_out = sum(chunk.dropped for chunk in chunks)
            found = f"{left_out}, all of which are left out" if left_out else "none"
            raise DataError(f"{path}: expected rows below the names of the columns, found {found}")
        return joined(chunks)


TableT_co = TypeVar("TableT_co", bound=TableConfig, covariant=True)


class Table(Dataset[TableT_co], ABC):
    """Loads the rows of a table; base of the datasets whose configs derive from `TableConfig`."""

    def load(self) -> Splits:
        """Read the files."""
        config = self.config
        found = config.read(config.path)
        if found.parts is not None:
            train, validation, test = (_part(found, number) for number in range(len(PARTS)))
            if train is None:
                raise DataError(
                    f"{config.path}: expected rows to train on, found 'train' nowhere in column "
                    f'"{config.split_column}"'
                )
            return Splits(train, test, validation)
        others = [
            None if path is None else config.read(path).examples
            for path in (config.test_path, config.validation_path)
        ]
        return Splits(found.examples, *others)


def joined(chunks: list[Encoded]) -> Encoded:
    """Return rows that were read in several chunks, at least one, as one.

    The list is emptied, so that the inputs are never in memory twice.
    """
    weights = [chunk.examples.weights for chunk in chunks if chunk.examples.weights is not None]
    parts = [chunk.parts for chunk in chunks if chunk.parts is not None]
    targets = np.concatenate([chunk.examples.targets for chunk in chunks])
    rows = array("q", chain.from_iterable(chunk.rows for chunk in chunks))
    dropped = sum(chunk.dropped for chunk in chunks)
    inputs = [chunk.examples.inputs for chunk in chunks]
    chunks.clear()
    return Encoded(
        Examples(_concatenated(inputs), targets, np.concatenate(weights) if weights else None),
        np.concatenate(parts) if parts else None,
        rows,
        dropped,
    )


def _concatenated(parts: list[Inputs]) -> Inputs:
    """Return arrays as one, and let go each when it is copied."""
    whole = np.empty_like(parts[0], shape=(sum(map(len, parts)), *parts[0].shape[1:]))
    end = len(whole)
    while parts:
        part = parts.pop()
        whole[end - len(part) : end] = part
        end -= len(part)
    return whole


def _part(found: Encoded, number: int) -> Examples | None:
    """Return the rows that are for a part, None if there are none."""
    rows = np.flatnonzero(found.parts == number)
    if not len(rows):
        return None
    inputs, targets, weights = (
        found.examples.inputs,
        found.examples.targets,
        found.examples.weights,
    )
    return Examples(inputs[rows], targets[rows], None if weights is None else weights[rows])
