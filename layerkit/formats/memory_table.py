"""Tables in memory, passed from Python: columns, records, or a data frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
from typing_extensions import TypeIs

from layerkit.arrays import Values, is_array
from layerkit.errors import DataError, repr_of
from layerkit.formats.in_memory import as_array
from layerkit.formats.table import CHUNK_ROWS, Cell, Chunk, TableSource, shown
from layerkit.values import is_sequence

_Column: TypeAlias = Sequence[object] | Values
_READABLE = "biufUO"
"""The kinds of NumPy's dtypes whose values may be cells."""
_NO_VALUE = {"NAType", "NaTType"}
"""The types of pandas' marks for a missing value, by name: pandas need not be installed."""


@runtime_checkable
class _DataFrame(Protocol):
    """What data frames of pandas and polars have in common."""

    @property
    def columns(self) -> Iterable[object]: ...

    def __getitem__(self, name: str, /) -> object: ...


class MemoryTable(TableSource):
    """Columns in memory; get one from `table_of`.

    None, nan and pandas' marks are missing values. Rows are counted from 0, as Python counts.
    """

    def __init__(self, name: str, columns: Mapping[str, _Column]) -> None:
        if not columns:
            raise DataError(f"{name}: expected columns by their names, found none")
        super().__init__(name, [*columns])
        self._values = columns
        lengths = {key: len(values) for key, values in columns.items()}
        first = next(iter(lengths))
        for key, length in lengths.items():
            if length != lengths[first]:
                raise DataError(
                    f'{name}: expected columns of one length, found {lengths[first]} rows in "'
                    f'{first}" and {length} in "{key}"'
                )
        self.rows: int = lengths[first]

    def chunks(self, names: Sequence[str], size: int = CHUNK_ROWS) -> Iterator[Chunk]:
        """Yield all rows, at most ``size`` at a time; see `TableSource.chunks`."""
        self.indices(names)
        for start in range(0, self.rows, size):
            end = min(start + size, self.rows)
            columns = [self._cells(name, start, end) for name in names]
            yield Chunk(columns, range(start, end))

    def place(self, row: int, column: str) -> str:
        """Return how messages say where a cell is: ``inputs: row 3 column "age"``."""
        return f"{self.name}: row {row} column {shown(column)}"

    def _cells(self, name: str, start: int, end: int) -> Sequence[Cell]:
        values = self._values[name][start:end]
        given: Iterable[object] = values.tolist() if is_array(values) else values
        return [self._cell(value, start + row, name) for row, value in enumerate(given)]

    def _cell(self, value: object, row: int, column: str) -> Cell:
        if _is_scalar(value):
            value = value.item()
        elif isinstance(value, Decimal):
            value = float(value)
        if value is None or isinstance(value, str | int):
            return value
        if isinstance(value, float):
            return None if value != value else value  # noqa: PLR0124  # nan
        if type(value).__name__ in _NO_VALUE:
            return None
        raise DataError(
            f"{self.place(row, column)}: expected a number, a text, a boolean or None, found "
            f"{repr_of(value)}"
        )


def table_of(values: object, name: str) -> TableSource | None:
    """Return a table in memory, or None where the values are no table, such as an array.

    Parameters
    ----------
    values
        A mapping of names to columns, a list of mappings of names to cells, a data frame of pandas
        or polars, or a structured array. Columns are lists, tuples, and what NumPy makes an array
        of one axis of. A key that some records lack is a missing value in their rows.
    name
        What messages call it.

    Raises
    ------
    DataError
        If it is a table, but its columns have no names or not one length, or are no columns.
    """
    if _is_structured(values):
        return _of_columns({key: values[key] for key in values.dtype.names or ()}, name)
    if is_array(values):
        return None
    if _is_mapping(values):
        return _of_columns(values, name)
    if is_sequence(values):
        return _of_records(values, name) if values and _is_mapping(values[0]) else None
    if isinstance(values, _DataFrame):
        keys = _names(values.columns, name)
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise DataError(f"{name}: expected one column {shown(twice)}, found two; rename them")
        return _of_columns({key: values[key] for key in keys}, name)
    return None


def _is_mapping(value: object) -> TypeIs[Mapping[object, object]]:
    return isinstance(value, Mapping)


def _is_scalar(value: object) -> TypeIs[np.generic]:
    return isinstance(value, np.generic)


def _is_structured(value: object) -> TypeIs[np.ndarray[tuple[int, ...], np.dtype[np.void]]]:
    return is_array(value) and value.dtype.names is not None


def _names(keys: Iterable[object], name: str) -> list[str]:
    names: list[str] = []
    for key in keys:
        if not isinstance(key, str):
            raise DataError(
                f"{name}: expected texts as the names of columns, found {repr_of(key)}; pass a "
                "dict of lists, or a data frame whose columns have names"
            )
        names.append(key)
    return names


def _of_columns(columns: Mapping[object, object] | Mapping[str, object], name: str) -> MemoryTable:
    keys = _names(columns, name)
    return MemoryTable(
        name,
        {
            key: _column(values, key, name)
            for key, values in zip(keys, columns.values(), strict=True)
        },
    )


def _column(values: object, key: str, name: str) -> _Column:
    if is_sequence(values):
        return values
    called = f'{name}: column "{key}"'
    if values is None or isinstance(values, str | bytes | int | float):
        raise DataError(
            f"{called}: expected a list or an array, found {repr_of(values)}; pass a single row as "
            "a list of one record"
        )
    array = as_array(values, called)
    if array.ndim != 1:
        raise DataError(
            f"{called}: expected an array of one axis, found one of shape {array.shape}"
        )
    if array.dtype.kind not in _READABLE:
        raise DataError(
            f"{called}: expected numbers, texts or booleans, found {array.dtype}; convert the "
            "column to numbers or texts first"
        )
    return array.astype(np.float64) if array.dtype == np.longdouble else array


def _of_records(records: Sequence[object], name: str) -> MemoryTable:
    keys: dict[str, None] = {}
    rows: list[Mapping[object, object]] = []
    for row, record in enumerate(records):
        if not _is_mapping(record):
            raise DataError(
                f"{name}: row {row}: expected a record, a dict of cells by the names of columns, "
                f"found {repr_of(record)}"
            )
        rows.append(record)
        keys.update(dict.fromkeys(_names(record, name)))
    return MemoryTable(name, {key: [record.get(key) for record in rows] for key in keys})
