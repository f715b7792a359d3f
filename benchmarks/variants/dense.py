"""Dense layers without a trick."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.arrays import Array, Shape
from layerkit.builtin.dense import Dense, DenseConfig
from layerkit.contracts import Layer, LayerConfig, ParamSpec, Place, Plan


class EagerDenseConfig(LayerConfig):
    """A dense layer that works out its input gradient even where nobody needs it."""

    type: Literal["eager_dense"] = "eager_dense"
    dense: DenseConfig

    def plan(self, x: Shape) -> Plan:
        """Plan as the dense layer does."""
        return self.dense.plan(x)


@final
class EagerDense(Layer[EagerDenseConfig]):
    """See `EagerDenseConfig`."""

    def __init__(self, config: EagerDenseConfig, place: Place) -> None:
        super().__init__(config, place)
        self._dense = Dense(config.dense, place)
        self._unneeded = place.buffer(place.input_shape)

    def forward(self, x: Array, *, train: bool) -> Array:
        """Do what the dense layer does."""
        return self._dense.forward(x, train=train)

    def backward(self, dy: Array) -> Array | None:
        """Do what the dense layer does, and the rest."""
        dx = self._dense.backward(dy)
        if dx is None:
            weight = self.place.params["weight"].value
            np.matmul(dy, weight.T, out=self._unneeded[: len(dy)])
        return dx


class TurnedDenseConfig(LayerConfig):
    """A dense layer that keeps its weight as ``(units, features)``."""

    type: Literal["turned_dense"] = "turned_dense"
    dense: DenseConfig

    def plan(self, x: Shape) -> Plan:
        """Plan as the dense layer does, with the weight turned round."""
        plan = self.dense.plan(x)
        weight = plan.params["weight"]
        turned = ParamSpec(weight.shape[::-1], weight.initializer, weight.fan)
        return Plan(plan.output, {**plan.params, "weight": turned})


@final
class TurnedDense(Layer[TurnedDenseConfig]):
    """See `TurnedDenseConfig`."""

    def __init__(self, config: TurnedDenseConfig, place: Place) -> None:
        super().__init__(config, place)
        self._y = self._x = place.buffer(place.output_shape)

    def forward(self, x: Array, *, train: bool) -> Array:
        """``y = x @ weight.T + bias``."""
        del train
        self._x = x
        y = self._y[: len(x)]
        np.matmul(x, self.place.params["weight"].value.T, out=y)
        np.add(y, self.place.params["bias"].value, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """``dW = dy.T @ x``, ``db = sum of dy``, ``dx = dy @ W``."""
        weight, bias = self.place.params["weight"], self.place.params["bias"]
        np.matmul(dy.T, self._x, out=weight.grad)
        np.sum(dy, axis=0, out=bias.grad)
        if self.place.input_grad is None:
            return None
        dx = self.place.input_grad[: len(dy)]
        np.matmul(dy, weight.value, out=dx)
        return dx
