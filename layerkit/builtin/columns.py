"""Some of the inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, Self, TypeAlias, final

import numpy as np
from pydantic import Field, PlainValidator, Strict, WithJsonSchema

from layerkit.plugin import (
    Array,
    Layer,
    LayerConfig,
    LayerContext,
    LayerPlan,
    Missing,
    PassedInputs,
    Shape,
    ShapeError,
    did_you_mean,
    entries,
    problem,
)


def _column(value: object) -> int | str:
    if isinstance(value, str) or (type(value) is int and value >= 0):
        return value
    raise problem("wrong-type", f"expected an index from 0 or a name, found {value!r:.60}")


Column: TypeAlias = Annotated[
    int | str,
    PlainValidator(_column),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string"}]}),
]


class ColumnsConfig(LayerConfig):
    """Some of the features, ``(..., features) -> (..., columns)``, as they are.

    A branch of ``parallel`` that begins with ``columns`` works on some columns of a table only:
    on ids of categories with ``embedding`` or ``one_hot``, on numbers with ``standardize``.

    Attributes
    ----------
    columns
        Their indices, from 0, or their names, where the data have names; at least one. Their order
        is that of the outputs, and one may stand there several times.

    Notes
    -----
    scikit-learn's ``ColumnTransformer`` picks columns in the same way.

    References
    ----------
    scikit-learn user guide, "ColumnTransformer for heterogeneous data".
    """

    type: Literal["columns"] = "columns"
    columns: Annotated[
        tuple[Column, ...],
        Strict(strict=False),
        entries(1),
        Field(examples=[["bill_length", "flipper_length"]]),
    ]

    def plan(self, x: Shape) -> LayerPlan:
        """Plan one output for every column."""
        if not x:
            raise ShapeError(f"columns expects an axis of features, shape (..., n); found {x}")
        for place, column in enumerate(self.columns):
            if isinstance(column, str):
                raise ShapeError(
                    f"columns picks '{column}' by its name, but its inputs have no names; found "
                    f"inputs of shape {x}",
                    ("columns", place),
                    f"use its index, from 0 to {x[-1] - 1}",
                )
            if column >= x[-1]:
                raise ShapeError(
                    f"columns expects indices from 0 to {x[-1] - 1}; found {column}",
                    ("columns", place),
                )
        return LayerPlan((*x[:-1], len(self.columns)))

    def missing_values(self) -> Missing:
        """Return that it puts them out."""
        return "passes"

    def passed_inputs(self, x: Shape) -> PassedInputs | None:
        """Return the columns at every position."""
        rows = np.arange(int(np.prod(x))).reshape(-1, x[-1])
        return PassedInputs(rows[:, self._indices()].reshape(-1).tolist())

    def for_features(self, names: Sequence[str]) -> Self:
        """Return the config with the indices of the columns that are picked by name."""
        columns: list[int | str] = []
        for place, column in enumerate(self.columns):
            if isinstance(column, str) and column not in names:
                raise ShapeError(
                    f"columns expects names of columns; found '{column}'",
                    ("columns", place),
                    did_you_mean(column, names) or f"there are {_listed(names)}",
                )
            columns.append(names.index(column) if isinstance(column, str) else column)
        return self.model_copy(update={"columns": tuple(columns)})

    def _indices(self) -> list[int]:
        return [column for column in self.columns if isinstance(column, int)]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:20])
    return f"{shown} and {len(names) - 20} more" if len(names) > 20 else shown


@final
class Columns(Layer[ColumnsConfig]):
    """See `ColumnsConfig`."""

    def __init__(self, config: ColumnsConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._columns = [column for column in config.columns if isinstance(column, int)]
        self._y = context.buffer(context.output_shape)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Copy the columns."""
        y = self._y[: len(x)]
        for place, column in enumerate(self._columns):
            np.copyto(y[..., place], x[..., column])
        return y

    def backward(self, dy: Array) -> Array | None:
        """Add the gradients to their columns; 0 for columns that were not picked."""
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[: len(dy)]
        dx.fill(0)
        for place, column in enumerate(self._columns):
            np.add(dx[..., column], dy[..., place], out=dx[..., column])
        return dx
