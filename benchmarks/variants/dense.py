"""Dense layers without a trick."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.builtin.dense import Dense, DenseConfig
from layerkit.plugin import Array, Layer, LayerConfig, LayerContext, LayerPlan, ParameterPlan, Shape


class EagerDenseConfig(LayerConfig):
    """A dense layer that works out its input gradient even where nobody needs it."""

    type: Literal["eager_dense"] = "eager_dense"
    dense: DenseConfig

    def plan(self, x: Shape) -> LayerPlan:
        """Plan as the dense layer does."""
        return self.dense.plan(x)


@final
class EagerDense(Layer[EagerDenseConfig]):
    """See `EagerDenseConfig`."""

    def __init__(self, config: EagerDenseConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._dense = Dense(config.dense, context)
        self._unneeded = context.buffer(context.input_shape)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Do what the dense layer does."""
        return self._dense.forward(x, training=training)

    def backward(self, dy: Array) -> Array | None:
        """Do what the dense layer does, and the rest."""
        dx = self._dense.backward(dy)
        if dx is None:
            weight = self.context.params["weight"].value
            np.matmul(dy, weight.T, out=self._unneeded[: len(dy)])
        return dx


class TurnedDenseConfig(LayerConfig):
    """A dense layer that keeps its weight as ``(units, features)``."""

    type: Literal["turned_dense"] = "turned_dense"
    dense: DenseConfig

    def plan(self, x: Shape) -> LayerPlan:
        """Plan as the dense layer does, with the weight turned round."""
        plan = self.dense.plan(x)
        weight = plan.params["weight"]
        turned = ParameterPlan(weight.shape[::-1], weight.initializer, weight.fan)
        return LayerPlan(plan.output, {**plan.params, "weight": turned})


@final
class TurnedDense(Layer[TurnedDenseConfig]):
    """See `TurnedDenseConfig`."""

    def __init__(self, config: TurnedDenseConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._y = self._x = context.buffer(context.output_shape)

    def forward(self, x: Array, *, training: bool) -> Array:
        """``y = x @ weight.T + bias``."""
        self._x = x
        y = self._y[: len(x)]
        np.matmul(x, self.context.params["weight"].value.T, out=y)
        np.add(y, self.context.params["bias"].value, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """``dW = dy.T @ x``, ``db = sum of dy``, ``dx = dy @ W``."""
        weight, bias = self.context.params["weight"], self.context.params["bias"]
        np.matmul(dy.T, self._x, out=weight.grad)
        np.sum(dy, axis=0, out=bias.grad)
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[: len(dy)]
        np.matmul(dy, weight.value, out=dx)
        return dx
