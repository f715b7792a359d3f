"""Learned positions."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

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
    default,
)
from layerkit_sequence.steps import sequence


class PositionalEmbeddingConfig(LayerConfig):
    """A learned row for every step: ``y[t] = x[t] + weight[t]``, ``(time, features)`` unchanged.

    Padding gets its rows too, like all other steps.

    Attributes
    ----------
    weight_initializer
        What fills ``weight`` ``(time, features)``; by default ``uniform`` from -0.05 to 0.05, as
        that of ``embedding``. GPT-2 and BERT draw from a normal distribution of deviation 0.02.

    References
    ----------
    Gehring, Auli, Grangier, Yarats, Dauphin (2017), Convolutional sequence to sequence learning,
    section 3.1.
    """

    type: Literal["positional_embedding"] = "positional_embedding"
    weight_initializer: AnyInitializer = default(INITIALIZERS, "uniform")

    def plan(self, x: Shape) -> LayerPlan:
        """Plan ``weight``, which no product is taken with."""
        time, features = sequence("positional_embedding", x)
        weight = ParameterPlan((time, features), self.weight_initializer, Fan(time, features))
        return LayerPlan(x, {"weight": weight}, products=0)


@final
class PositionalEmbedding(Layer[PositionalEmbeddingConfig]):
    """See `PositionalEmbeddingConfig`."""

    def __init__(self, config: PositionalEmbeddingConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._weight = context.params["weight"]
        self._y = context.buffer(context.output_shape)
        self._ones = np.ones(context.capacity, context.dtype)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Add the row of every step."""
        return np.add(x, self._weight.value, out=self._y[: len(x)])

    def backward(self, dy: Array) -> Array | None:
        """Add up ``dy`` over examples for the weight; return ``dy`` itself."""
        n = len(dy)
        np.matmul(self._ones[:n], dy.reshape(n, -1), out=self._weight.grad.reshape(-1))
        return None if self.context.input_grad is None else dy
