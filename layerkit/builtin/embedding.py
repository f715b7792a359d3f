"""Embedding of ids."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self, final

import numpy as np
from annotated_types import Ge, Gt, Le
from pydantic import Field, model_validator

from layerkit.plugin import (
    INITIALIZERS,
    AnyInitializer,
    Array,
    Fan,
    Layer,
    LayerConfig,
    LayerContext,
    LayerPlan,
    ParameterPlan,
    Shape,
    ShapeError,
    default,
    problem,
)

MOST_IDS = 2**24
"""float32 has every whole number up to this one."""

CHUNK = 2**15
"""Values whose gradients are added at a time, so that their indices stay in cache."""


class EmbeddingConfig(LayerConfig):
    """A learned vector for every id: ``y = weight[x]``, ``(...) -> (..., units)``.

    Ids arrive as whole numbers in the network's dtype, from 0 to ``ids - 1``.

    Attributes
    ----------
    ids
        How many there are, from 1 to 2**24, beyond which float32 cannot tell them apart. PyTorch
        calls it ``num_embeddings``, Keras ``input_dim``.
    units
        Numbers for each id, at least 1.
    padding_id
        The id that fills up sequences, ``(time,)``; layers further on leave such steps out.
        Without, every step counts. Its row of the weight is a row like any other, as in Keras with
        ``mask_zero``; PyTorch's ``padding_idx`` keeps the row at 0 and masks nothing.
    weight_initializer
        What fills ``weight`` ``(ids, units)``; by default ``uniform`` from -0.05 to 0.05, as in
        Keras; PyTorch draws from the standard normal distribution.

    References
    ----------
    Bengio, Ducharme, Vincent, Jauvin (2003), A neural probabilistic language model.
    """

    type: Literal["embedding"] = "embedding"
    ids: Annotated[int, Ge(1), Le(MOST_IDS), Field(examples=[5000])]
    units: Annotated[int, Gt(0), Field(examples=[16])]
    padding_id: Annotated[int, Ge(0)] | None = None
    weight_initializer: AnyInitializer = default(INITIALIZERS, "uniform")

    @model_validator(mode="after")
    def _padding_is_an_id(self) -> Self:
        if self.padding_id is not None and self.padding_id >= self.ids:
            raise problem(
                "wrong-value",
                f"expected padding_id below ids = {self.ids}, found {self.padding_id}",
            )
        return self

    def plan(self, x: Shape) -> LayerPlan:
        """Plan ``weight``, and one more axis."""
        if self.padding_id is not None and len(x) != 1:
            raise ShapeError(
                f"embedding with padding_id expects sequences of ids, shape (time,); found {x}"
            )
        fan = Fan(self.ids, self.units)
        weight = ParameterPlan((self.ids, self.units), self.weight_initializer, fan)
        return LayerPlan((*x, self.units), {"weight": weight}, products=0)

    def vocabulary(self) -> int | None:
        """Return the number of ids."""
        return self.ids


@final
class Embedding(Layer[EmbeddingConfig]):
    """See `EmbeddingConfig`."""

    def __init__(self, config: EmbeddingConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        units = config.units
        self._weight = context.params["weight"]
        self._y = context.buffer(context.output_shape)
        self._ids = np.zeros((context.capacity, *context.input_shape), np.int64)
        self._mask = None if config.padding_id is None else context.buffer(context.input_shape)
        count = context.capacity * math.prod(context.input_shape) if context.trains else 0
        self._chunk = max(1, min(count, CHUNK // units))
        self._columns = np.arange(units)
        self._positions = np.zeros((self._chunk, units), np.int64)

    @property
    def mask(self) -> Array | None:
        """1 where the id is not that of padding."""
        return self._mask

    def forward(self, x: Array, *, training: bool) -> Array:
        """Take a row for every id."""
        ids, y = self._ids[: len(x)], self._y[: len(x)]
        np.copyto(ids, x, casting="unsafe")
        padding = self.config.padding_id
        if self._mask is not None and padding is not None:
            np.not_equal(x, padding, out=self._mask[: len(x)])
        return np.take(self._weight.value, ids, axis=0, out=y, mode="clip")

    def backward(self, dy: Array) -> Array | None:
        """Add every gradient to its id's row; there is no gradient with respect to ids.

        Rows and columns are one axis meanwhile: NumPy adds at positions in one axis several times
        as fast as at rows.
        """
        units, chunk = self.config.units, self._chunk
        grad = self._weight.grad.reshape(-1)
        grad.fill(0)
        ids, dy = self._ids[: len(dy)].reshape(-1, 1), dy.reshape(-1, units)
        for start in range(0, len(ids), chunk):
            some = ids[start : start + chunk]
            positions = self._positions[: len(some)]
            np.multiply(some, units, out=positions)
            np.add(positions, self._columns, out=positions)
            np.add.at(grad, positions.reshape(-1), dy[start : start + chunk].reshape(-1))
        return None
