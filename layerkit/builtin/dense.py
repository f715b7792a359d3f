"""Dense layer."""

from __future__ import annotations

import math
from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt
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
    is_table,
)


class DenseConfig(LayerConfig):
    """Fully connected layer: ``y = x @ weight + bias``, ``(..., features) -> (..., units)``.

    All axes but the last are positions, such as the steps of a sequence: the same weight and bias
    work on each of them. To connect all values of an example, put ``flatten`` before.

    Attributes
    ----------
    units
        Number of outputs, at least 1.
    bias
        Whether to add a bias.
    parametrization
        ``"standard"``, or ``"ntk"``: then ``y = x @ weight / sqrt(features) + bias``, so that
        weights start with variance 1, whatever the width.
    weight_initializer, bias_initializer
        What fills ``weight`` ``(features, units)`` and ``bias`` ``(units,)``; by default
        ``by_activation`` and ``zeros``; of a weight with ``"ntk"`` a ``normal`` of deviation 1.

    Notes
    -----
    ``weight`` is laid out as in Keras; PyTorch's ``Linear`` has ``(units, features)``.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.5.

    Jacot, Gabriel, Hongler (2018), Neural tangent kernel: convergence and generalization in neural
    networks, section 2, where the bias is multiplied by a number as well.
    """

    type: Literal["dense"] = "dense"
    units: Annotated[int, Gt(0), Field(examples=[64])]
    bias: bool = True
    parametrization: Literal["standard", "ntk"] = "standard"
    weight_initializer: AnyInitializer = default(INITIALIZERS, "by_activation")
    bias_initializer: AnyInitializer = default(INITIALIZERS, "zeros")

    @model_validator(mode="before")
    @classmethod
    def _ntk_weights_have_variance_one(cls, table: object) -> object:
        if is_table(table) and table.get("parametrization") == "ntk":
            return {"weight_initializer": {"type": "normal", "deviation": 1.0}, **table}
        return table

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
        is_ntk = config.parametrization == "ntk"
        self._factor = 1 / math.sqrt(self._features) if is_ntk else None

    def forward(self, x: Array, *, training: bool) -> Array:
        """Multiply by the weight and add the bias."""
        self._x = x
        y = self._y[: len(x)]
        rows = y.reshape(-1, self.config.units)
        np.matmul(x.reshape(-1, self._features), self._weight.value, out=rows)
        if self._factor is not None:
            np.multiply(rows, self._factor, out=rows)
        if self._bias is not None:
            np.add(rows, self._bias.value, out=rows)
        return y

    def backward(self, dy: Array) -> Array | None:
        """``dW = x.T @ dy``, ``db = ones @ dy``, ``dx = dy @ W.T``, over all positions at once.

        With ``"ntk"``, the first and the last are multiplied as the product of `forward` was.
        """
        rows = dy.reshape(-1, self.config.units)
        np.matmul(self._x.reshape(-1, self._features).T, rows, out=self._weight.grad)
        if self._factor is not None:
            np.multiply(self._weight.grad, self._factor, out=self._weight.grad)
        if self._bias is not None:
            np.matmul(self._ones[: len(rows)], rows, out=self._bias.grad)
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[: len(dy)]
        np.matmul(rows, self._weight.value.T, out=dx.reshape(-1, self._features, copy=False))
        if self._factor is not None:
            np.multiply(dx, self._factor, out=dx)
        return dx
