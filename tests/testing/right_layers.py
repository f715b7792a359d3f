"""Right layers, for wrong ones to inherit from."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from layerkit.arrays import Array, Shape
from layerkit.builtin.zeros import ZerosConfig
from layerkit.contracts.initializer import Fan
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.contracts.layer_context import LayerContext
from layerkit.contracts.layer_plan import LayerPlan, ParameterPlan


class DoublingConfig(LayerConfig):
    """``y = 2 * x``."""

    def plan(self, x: Shape) -> LayerPlan:
        return LayerPlan(x)


DoublingT_co = TypeVar("DoublingT_co", bound=DoublingConfig, covariant=True)


class Doubling(Layer[DoublingT_co]):
    def __init__(self, config: DoublingT_co, context: LayerContext) -> None:
        super().__init__(config, context)
        self.y = context.buffer(context.input_shape)

    def forward(self, x: Array, *, training: bool) -> Array:
        y = self.y[: len(x)]
        np.multiply(x, 2, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        if self.context.input_grad is None:
            return None
        np.multiply(dy, 2, out=dy)
        return dy


class SquareConfig(LayerConfig):
    """``y = tanh(x @ weight + bias)`` with as many outputs as inputs."""

    def plan(self, x: Shape) -> LayerPlan:
        fan = Fan(x[0], x[0])
        weight = ParameterPlan((x[0], x[0]), ZerosConfig(), fan)
        return LayerPlan(x, {"weight": weight, "bias": ParameterPlan(x, ZerosConfig(), fan)})


SquareT_co = TypeVar("SquareT_co", bound=SquareConfig, covariant=True)


class Square(Layer[SquareT_co]):
    def __init__(self, config: SquareT_co, context: LayerContext) -> None:
        super().__init__(config, context)
        self.weight, self.bias = context.params["weight"], context.params["bias"]
        self.y = context.buffer(context.output_shape)
        self.slope = self.y.copy()
        self.x = self.y

    def forward(self, x: Array, *, training: bool) -> Array:
        self.x = x
        y = self.y[: len(x)]
        np.matmul(x, self.weight.value, out=y)
        np.add(y, self.bias.value, out=y)
        np.tanh(y, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        y, slope = self.y[: len(dy)], self.slope[: len(dy)]
        np.multiply(y, y, out=slope)
        np.subtract(1, slope, out=slope)
        np.multiply(dy, slope, out=dy)
        np.matmul(self.x.T, dy, out=self.weight.grad)
        np.sum(dy, axis=0, out=self.bias.grad)
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[: len(dy)]
        np.matmul(dy, self.weight.value.T, out=dx)
        return dx
