"""Contract of activations: layers that apply one function to every element."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TypeVar

import numpy as np

from layerkit.arrays import Array, Shape
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.contracts.layer_context import LayerContext
from layerkit.contracts.layer_plan import LayerPlan


class ActivationConfig(LayerConfig):
    """Base of activation configs: any shape in, the same shape out."""

    def plan(self, x: Shape) -> LayerPlan:
        """Return the shape unchanged."""
        return LayerPlan(x)


ActivationT_co = TypeVar("ActivationT_co", bound=ActivationConfig, covariant=True)


class Activation(Layer[ActivationT_co], ABC):
    """An elementwise layer; a subclass writes down the function and its derivative."""

    def __init__(self, config: ActivationT_co, context: LayerContext) -> None:
        super().__init__(config, context)
        self._y = context.buffer(context.output_shape)
        self._x = self._y

    @abstractmethod
    def value(self, x: Array, out: Array) -> None:
        """Write the function of every element of ``x`` into ``out``."""

    @abstractmethod
    def derivative(self, x: Array, y: Array, out: Array) -> None:
        """Write the derivative at ``x``, where the function's value is ``y``, into ``out``."""

    def forward(self, x: Array, *, training: bool) -> Array:
        """Apply `value`."""
        self._x = x
        y = self._y[: len(x)]
        self.value(x, y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Multiply by `derivative`."""
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[: len(dy)]
        self.derivative(self._x, self._y[: len(dy)], dx)
        np.multiply(dx, dy, out=dx)
        return dx
