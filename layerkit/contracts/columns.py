"""The columns of a table, as a spec describes them, and the features that they become."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, Literal, TypeAlias

import numpy as np
from pydantic import (
    GetJsonSchemaHandler,
    PlainSerializer,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import CoreSchema

from layerkit.arrays import Array
from layerkit.contracts.cells import MISSING, UNKNOWN, Cells
from layerkit.problems import did_you_mean, problem
from layerkit.strict_model import StrictModel
from layerkit.values import is_sequence, is_table

OTHER = "other"
"""The feature, or the last index, of what is missing or no known category."""


class Column(StrictModel, ABC):
    """A column of a table that the network gets; base of `NumberColumn` and `CategoryColumn`."""

    @abstractmethod
    def features(self, name: str) -> tuple[str, ...]:
        """Return what the values are called that a cell of the column becomes."""

    @abstractmethod
    def encode(self, cells: Cells, out: Array) -> None:
        """Write what the cells become into ``out``, ``(n, features)``; note what is wrong."""

    @property
    def may_be_missing(self) -> bool:
        """Whether nan may stand among the values."""
        return False


class NumberColumn(Column):
    """A column of numbers, which becomes one feature.

    Attributes
    ----------
    missing
        What becomes of a row without a value: ``"error"``; ``"drop"`` leaves the row out in
        training, and is an error in prediction; ``"keep"`` passes it on as nan, which a layer such
        as ``fill_missing`` must fill in.
    """

    type: Literal["number"] = "number"
    missing: Literal["error", "drop", "keep"] = "error"

    def features(self, name: str) -> tuple[str, ...]:
        """Return the column's name."""
        return (name,)

    def encode(self, cells: Cells, out: Array) -> None:
        """Write the numbers."""
        numbers = cells.numbers()
        out[:, 0] = numbers
        if self.missing != "keep":
            _without_value(np.isnan(numbers), cells, self.missing, out)

    @property
    def may_be_missing(self) -> bool:
        """Whether missing values are kept."""
        return self.missing == "keep"


def _categories(value: object) -> tuple[str, ...]:
    if not is_sequence(value) or not all(isinstance(each, str) for each in value):
        raise problem(
            "wrong-type", "expected a list of texts", 'write numbers as texts too, such as ["1"]'
        )
    names = tuple(str(each) for each in value)
    if not names:
        raise problem("wrong-value", "expected at least one category, found none")
    texts = [name.strip() for name in names]
    twice = next((each for at, each in enumerate(texts) if each in texts[:at]), None)
    if twice is not None:
        raise problem("wrong-value", f"expected different categories, found '{twice}' twice")
    return names


Categories: TypeAlias = Annotated[
    tuple[str, ...],
    PlainValidator(_categories),
    PlainSerializer(list[str]),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "string"},
            "minItems": 1,
            "uniqueItems": True,
            "$comment": "Also checked: categories differ without the blanks around them",
        }
    ),
]
"""Texts, all different; blanks around them do not count."""


class CategoryColumn(Column):
    """A column of categories.

    Attributes
    ----------
    categories
        All of them, in the order of their indices. A spec lists them, so that what the network
        expects can be read there and never depends on which rows were in a file.
    encoding
        ``"one_hot"``: a feature for each category, 1 for the cell's own and 0 for the others.
        ``"index"``: one feature, the index from 0, for an embedding.
    missing, unknown
        What becomes of a row without a value, and of one with another text: ``"error"``;
        ``"drop"`` leaves the row out in training, and is an error in prediction; ``"other"`` makes
        it one more category, the last.
    """

    type: Literal["category"] = "category"
    categories: Categories
    encoding: Literal["one_hot", "index"] = "one_hot"
    missing: Literal["error", "drop", "other"] = "error"
    unknown: Literal["error", "drop", "other"] = "error"

    @property
    def size(self) -> int:
        """Number of categories, with the one for all others if there is one."""
        return len(self.categories) + (OTHER in {self.missing, self.unknown})

    def features(self, name: str) -> tuple[str, ...]:
        """Return ``name``, or ``name=category`` for each category."""
        if self.encoding == "index":
            return (name,)
        names = [*self.categories]
        if self.size > len(names):
            other = OTHER
            while other in names:
                other += "_"
            names.append(other)
        return tuple(f"{name}={each}" for each in names)

    def encode(self, cells: Cells, out: Array) -> None:
        """Write the indices, or a 1 for each."""
        indices = cells.indices(self.categories)
        for mark, policy in ((MISSING, self.missing), (UNKNOWN, self.unknown)):
            marked = indices == mark
            if policy == OTHER:
                indices[marked] = len(self.categories)
            elif mark == MISSING:
                _without_value(marked, cells, policy, out)
            elif policy == "drop":
                cells.dropped += np.flatnonzero(marked).tolist()
            else:
                wrong = np.flatnonzero(marked).tolist()
                cells.wrong += [(row, one_of(self.categories, cells, row)) for row in wrong]
        np.maximum(indices, 0, out=indices)
        if self.encoding == "index":
            out[:, 0] = indices
        else:
            out.fill(0)
            np.put_along_axis(out, indices[:, None], 1, axis=1)


def _without_value(
    missing: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], cells: Cells, policy: str, out: Array
) -> None:
    rows = np.flatnonzero(missing).tolist()
    out[rows] = 0
    if policy == "drop":
        cells.dropped += rows
    else:
        cells.wrong += [(row, "a value") for row in rows]


def one_of(categories: tuple[str, ...], cells: Cells, row: int) -> str:
    """Return what messages expect where a cell is none of the categories."""
    shown = ", ".join(categories[:6])
    more = f" or {len(categories) - 6} others" if len(categories) > 6 else ""
    hint = did_you_mean(str(cells.values[row]), categories)
    return f"one of {shown}{more}" + (f" ({hint})" if hint else "")


_TYPES: dict[str, type[NumberColumn | CategoryColumn]] = {
    "number": NumberColumn,
    "category": CategoryColumn,
}


def _column(value: object, info: ValidationInfo) -> NumberColumn | CategoryColumn:
    if isinstance(value, NumberColumn | CategoryColumn):
        return value
    table: object = {"type": value} if isinstance(value, str) else value
    name = table.get("type") if is_table(table) else None
    model = _TYPES.get(name) if isinstance(name, str) else None
    if model is None:
        raise problem(
            "wrong-value",
            'expected a column: "number", or { type = "category", categories = [...] }',
        )
    return model.model_validate(table, context=info.context)


def _dump(column: Column) -> dict[str, object]:
    return column.model_dump(mode="json")


class _ColumnSchema:
    """Gives the JSON Schema of a column: a bare ``"number"``, or a table by its ``type``."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, object]:
        tables = [handler(model.__pydantic_core_schema__) for model in _TYPES.values()]
        return {"anyOf": [{"const": "number"}, *tables]}


AnyColumn: TypeAlias = Annotated[
    NumberColumn | CategoryColumn,
    PlainValidator(_column),
    PlainSerializer(_dump),
    _ColumnSchema(),
]
