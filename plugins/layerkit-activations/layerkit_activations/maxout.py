"""Maxout unit."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Ge

from layerkit.plugin import (
    Array,
    Labels,
    Layer,
    LayerConfig,
    LayerContext,
    LayerPlan,
    LayerTraits,
    Shape,
    ShapeError,
)


class MaxoutConfig(LayerConfig):
    """The largest of every ``pieces`` features: ``(..., n * pieces) -> (..., n)``.

    Output i is ``max(x[i * pieces], ..., x[(i + 1) * pieces - 1])``. After a dense layer, every
    output is a convex function of linear pieces. Of several largest, the first gets the gradient.

    Attributes
    ----------
    pieces
        Neighbouring features that one output is the largest of, from 2.

    References
    ----------
    Goodfellow, Warde-Farley, Mirza, Courville, Bengio (2013), Maxout networks.
    """

    type: Literal["maxout"] = "maxout"
    pieces: Annotated[int, Ge(2)] = 2

    def plan(self, x: Shape) -> LayerPlan:
        """Plan one feature for every ``pieces``."""
        if not x or x[-1] % self.pieces:
            raise ShapeError(
                f"maxout expects a number of features that is a multiple of pieces = {self.pieces},"
                f" shape (..., n * {self.pieces}); found {x}"
            )
        return LayerPlan((*x[:-1], x[-1] // self.pieces))

    def traits(self) -> LayerTraits:
        """Say what suits the weights before it."""
        return LayerTraits(initializer="xavier")


@final
class Maxout(Layer[MaxoutConfig]):
    """See `MaxoutConfig`."""

    def __init__(self, config: MaxoutConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._y = context.buffer(context.output_shape)
        self._largest: Labels = np.zeros(self._y.shape, np.int64)
        self._gets_it = context.training_buffer(context.output_shape)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Find the largest and where it is."""
        y = self._y[: len(x)]
        pieces = x.reshape(*y.shape, self.config.pieces)
        np.max(pieces, axis=-1, out=y)
        if training:
            np.argmax(pieces, axis=-1, out=self._largest[: len(x)])
        return y

    def backward(self, dy: Array) -> Array | None:
        """``dy`` where the largest was, 0 elsewhere."""
        if self.context.input_grad is None:
            return None
        n, dx = len(dy), self.context.input_grad[: len(dy)]
        largest, gets_it = self._largest[:n], self._gets_it[:n]
        pieces = dx.reshape(*dy.shape, self.config.pieces, copy=False)
        for index in range(self.config.pieces):
            np.equal(largest, index, out=gets_it)
            np.multiply(dy, gets_it, out=pieces[..., index])
        return dx
