"""A composite: two chains of layers, one of which opens and closes the other."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from pydantic import Strict

from layerkit.plugin import (
    AnyLayer,
    Array,
    Chain,
    Composite,
    LayerConfig,
    LayerContext,
    LayerPlan,
    Shape,
    ShapeError,
    add_gradients,
    plan_chain,
)


class GatedConfig(LayerConfig):
    """``y = layers(x) * gate(x)``; both must put out the same shape."""

    type: Literal["gated"] = "gated"
    layers: Annotated[tuple[AnyLayer, ...], Strict(strict=False)]
    gate: Annotated[tuple[AnyLayer, ...], Strict(strict=False)]

    def plan(self, x: Shape) -> LayerPlan:
        """Plan both chains, under names that do not meet."""
        layers, gate = plan_chain(self.layers, x), plan_chain(self.gate, x, "gate")
        if layers.output != gate.output:
            raise ShapeError(f"gated expects a gate of shape {layers.output}, found {gate.output}")
        named = [layer.renamed(f"gate_{layer.name}") for layer in gate.layers]
        return LayerPlan(layers.output, layers=(*layers.layers, *named))


@final
class Gated(Composite[GatedConfig]):
    """See `GatedConfig`."""

    def __init__(self, config: GatedConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        count = len(config.layers)
        planned, wanted = context.plan.layers, context.input_grad is not None
        grads = [context.training_buffer(context.input_shape) if wanted else None for _ in range(2)]
        self._layers = Chain(context, planned[:count], grads[0], context.mask)
        self._gate = Chain(context, planned[count:], grads[1], context.mask)
        self.chains = (self._layers, self._gate)
        self._y = context.buffer(context.output_shape)
        self._dy = context.training_buffer(context.output_shape)
        self._outputs = (self._y, self._y)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Multiply the outputs of the two chains."""
        self._outputs = (
            self._layers.forward(x, training=training),
            self._gate.forward(x, training=training),
        )
        return np.multiply(*self._outputs, out=self._y[: len(x)])

    def backward(self, dy: Array) -> Array | None:
        """By the product rule, each chain gets the gradient times the other's output."""
        of_layers, of_gate = self._outputs
        dy_gate = np.multiply(dy, of_layers, out=self._dy[: len(dy)])
        np.multiply(dy, of_gate, out=dy)
        grads = [self._layers.backward(dy), self._gate.backward(dy_gate)]
        return add_gradients(grads, self.context.input_grad)
