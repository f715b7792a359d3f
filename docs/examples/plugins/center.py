"""A layer with state: it subtracts a running mean."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Ge, Lt

from layerkit.plugin import Array, Layer, LayerConfig, LayerContext, LayerPlan, Shape, StatePlan


class CenterConfig(LayerConfig):
    """``y = x - mean``, where ``mean`` is a running mean over training batches; any shape."""

    type: Literal["center"] = "center"
    keep: Annotated[float, Ge(0), Lt(1)] = 0.9

    def plan(self, x: Shape) -> LayerPlan:
        """Plan the running mean, one number for every input."""
        return LayerPlan(x, state={"mean": StatePlan(x, fill=0.0)})


@final
class Center(Layer[CenterConfig]):
    """See `CenterConfig`."""

    def __init__(self, config: CenterConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._mean = context.state["mean"]
        self._batch_mean = np.zeros_like(self._mean)
        self._y = context.buffer(context.output_shape)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Subtract the mean as it was; in training, take the batch into it afterwards."""
        y = self._y[: len(x)]
        np.subtract(x, self._mean, out=y)
        if training:
            np.mean(x, axis=0, out=self._batch_mean)
            np.multiply(self._batch_mean, 1 - self.config.keep, out=self._batch_mean)
            np.multiply(self._mean, self.config.keep, out=self._mean)
            np.add(self._mean, self._batch_mean, out=self._mean)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Pass the gradient on; the mean is a constant."""
        return None if self.context.input_grad is None else dy
