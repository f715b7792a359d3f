"""A linear layer."""

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


class PlaceholderConfig(LayerConfig):
    """Linear layer: ``y = x @ weight``, ``(features,) -> (units,)``.

    Attributes
    ----------
    units
        Number of outputs, at least 1.
    weight_initializer
        What fills ``weight`` ``(features, units)``; by default ``by_activation``.
    """

    type: Literal["placeholder"] = "placeholder"
    units: Annotated[int, Gt(0)] = 16
    weight_initializer: AnyInitializer = default(INITIALIZERS, "by_activation")

    def plan(self, x: Shape) -> LayerPlan:
        """Plan ``weight``.

        Raises
        ------
        ShapeError
            If an input has not one axis.
        """
        if len(x) != 1:
            raise ShapeError(
                f"{self.display_name} expects inputs of shape (features,); found {x}",
                hint="put a flatten layer before it",
            )
        shape = (x[0], self.units)
        weight = ParameterPlan(shape, self.weight_initializer, Fan(*shape))
        return LayerPlan((self.units,), {"weight": weight})


@final
class Placeholder(Layer[PlaceholderConfig]):
    """See `PlaceholderConfig`."""

    def __init__(self, config: PlaceholderConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._weight = context.params["weight"]
        self._y = context.buffer(context.output_shape)
        self._x = self._y

    def forward(self, x: Array, *, training: bool) -> Array:
        """Multiply by the weight."""
        self._x = x
        return np.matmul(x, self._weight.value, out=self._y[: len(x)])

    def backward(self, dy: Array) -> Array | None:
        """``dW = x.T @ dy``, ``dx = dy @ W.T``."""
        np.matmul(self._x.T, dy, out=self._weight.grad)
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[: len(dy)]
        return np.matmul(dy, self._weight.value.T, out=dx)
