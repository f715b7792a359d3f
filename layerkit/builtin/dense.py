"""Dense layer."""

from __future__ import annotations

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
    """``y = x @ weight + bias``, ``(features,) -> (units,)``.

    Attributes
    ----------
    units
        Number of outputs, at least 1.
    bias
        Whether to add a bias.
    weight_initializer, bias_initializer
        What fills ``weight`` ``(features, units)`` and ``bias`` ``(units,)``; by default
        ``xavier_uniform`` and ``zeros``.

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
        """Plan ``weight`` and ``bias`` for one axis of features."""
        if len(x) != 1:
            raise ShapeError(f"dense expects one axis of features, shape (n,); found {x}")
        fan = Fan(x[0], self.units)
        params = {"weight": ParameterPlan((x[0], self.units), self.weight_initializer, fan)}
        if self.bias:
            params["bias"] = ParameterPlan((self.units,), self.bias_initializer, fan, decay=False)
        return LayerPlan((self.units,), params)


@final
class Dense(Layer[DenseConfig]):
    """See `DenseConfig`."""

    def __init__(self, config: DenseConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._weight = context.params["weight"]
        self._bias = context.params.get("bias")
        self._ones = np.ones(context.capacity, context.dtype)
        self._y = context.buffer(context.output_shape)
        self._x = self._y

    def forward(self, x: Array, *, training: bool) -> Array:
        """Multiply by the weight and add the bias."""
        self._x = x
        y = self._y[: len(x)]
        np.matmul(x, self._weight.value, out=y)
        if self._bias is not None:
            np.add(y, self._bias.value, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """``dW = x.T @ dy``, ``db = ones @ dy``, ``dx = dy @ W.T``."""
        np.matmul(self._x.T, dy, out=self._weight.grad)
        if self._bias is not None:
            np.matmul(self._ones[: len(dy)], dy, out=self._bias.grad)
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[: len(dy)]
        np.matmul(dy, self._weight.value.T, out=dx)
        return dx
