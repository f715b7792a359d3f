"""Dense layer."""

from __future__ import annotations

import math
from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt

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
)


class DenseConfig(LayerConfig):
    """``y = x @ weight + bias``, ``(..., features) -> (..., units)``.

    All axes but the last are positions, such as the steps of a sequence: the same weight and bias
    work on each of them. To connect all values of an example, put ``flatten`` before.

    Attributes
    ----------
    units
        Number of outputs, at least 1.
    bias
        Whether to add a bias.
    weight_initializer, bias_initializer
        What fills ``weight`` ``(features, units)`` and ``bias`` ``(units,)``; by default
        ``xavier_uniform`` and ``zeros``.

    Notes
    -----
    ``weight`` is laid out as in Keras; PyTorch's ``Linear`` has ``(units, features)``.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.5.
    """

    type: Literal["dense"] = "dense"
    units: Annotated[int, Gt(0)]
    bias: bool = True
    weight_initializer: AnyInitializer = default(INITIALIZERS, "xavier_uniform")
    bias_initializer: AnyInitializer = default(INITIALIZERS, "zeros")

    def plan(self, x: Shape) -> LayerPlan:
        """Plan ``weight`` and ``bias`` for the last axis."""
        if not x:
            raise ShapeError(f"dense expects an axis of features, shape (..., n); found {x}")
        *axes, features = x
        fan = Fan(features, self.units)
        params = {"weight": ParameterPlan((features, self.units), self.weight_initializer, fan)}
        if self.bias:
            params["bias"] = ParameterPlan((self.units,), self.bias_initializer, fan, decay=False)
        return LayerPlan((*axes, self.units), params, products=math.prod(x) * self.units)


@final
class Dense(Layer[DenseConfig]):
    """See `DenseConfig`."""

    def __init__(self, config: DenseConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._weight = context.params["weight"]
        self._bias = context.params.get("bias")
        *axes, self._features = context.input_shape
        self._ones = np.ones(context.capacity * math.prod(axes), context.dtype)
        self._y = context.buffer(context.output_shape)
        self._x = self._y

    def forward(self, x: Array, *, training: bool) -> Array:
        """Multiply by the weight and add the bias."""
        self._x = x
        y = self._y[: len(x)]
        rows = y.reshape(-1, self.config.units)
        np.matmul(x.reshape(-1, self._features), self._weight.value, out=rows)
        if self._bias is not None:
            np.add(rows, self._bias.value, out=rows)
        return y

    def backward(self, dy: Array) -> Array | None:
        """``dW = x.T @ dy``, ``db = ones @ dy``, ``dx = dy @ W.T``, over all positions at once."""
        rows = dy.reshape(-1, self.config.units)
        np.matmul(self._x.reshape(-1, self._features).T, rows, out=self._weight.grad)
        if self._bias is not None:
            np.matmul(self._ones[: len(rows)], rows, out=self._bias.grad)
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[: len(dy)]
        np.matmul(rows, self._weight.value.T, out=dx.reshape(-1, self._features, copy=False))
        return dx
