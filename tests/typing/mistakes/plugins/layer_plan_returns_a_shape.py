"""`plan` returns the output's shape alone."""

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
    LayerTraits,
    ParameterPlan,
    Shape,
    default,
)


class GainConfig(LayerConfig):
    """``y = gain * x``."""

    type: Literal["gain"] = "gain"
    start: float = 1.0
    initializer: AnyInitializer = default(INITIALIZERS, "ones")

    def plan(self, x: Shape) -> Shape:
        fan = Fan(x[-1], x[-1])
        return x

    def traits(self) -> LayerTraits:
        return LayerTraits(outputs="any")


@final
class Gain(Layer[GainConfig]):
    def __init__(self, config: GainConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._gain = context.params["gain"]
        self._y = context.buffer(context.output_shape)
        self._x = self._y

    def forward(self, x: Array, *, training: bool) -> Array:
        self._x = x
        y = self._y[: len(x)]
        np.multiply(x, self._gain.value, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        np.einsum("ij,ij->j", self._x, dy, out=self._gain.grad)
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[: len(dy)]
        np.multiply(dy, self._gain.value, out=dx)
        return dx

# mypy 30: Return type "tuple[int, ...]" of "plan" incompatible with return type "LayerPlan" in supertype "layerkit.contracts.layer.LayerConfig" [override]
# pyright 30: Method "plan" overrides class "LayerConfig" in an incompatible manner [reportIncompatibleMethodOverride]
