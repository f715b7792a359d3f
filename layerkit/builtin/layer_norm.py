"""Layer normalization."""

from __future__ import annotations

import math
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
    LayerTraits,
    ParameterPlan,
    Shape,
    ShapeError,
    default,
)


class LayerNormConfig(LayerConfig):
    """Layer normalization: mean 0 and variance 1 over an example's features, scale and shift.

    ``y = scale * (x - mean) / sqrt(variance + epsilon) + shift``, ``(..., features)`` unchanged.

    Mean and variance are those of each position of each example, over its features alone: the last
    axis. The variance is biased: divided by the number of features. Training and evaluation do the
    same.

    Attributes
    ----------
    epsilon
        Added to the variance, inside the root; above 0.
    scale_initializer, shift_initializer
        What fills ``scale`` and ``shift``, ``(features,)``; by default ``ones`` and ``zeros``.

    Notes
    -----
    The default of ``epsilon`` is PyTorch's; Keras's is 1e-3. ``scale`` and ``shift`` are PyTorch's
    ``weight`` and ``bias``, Keras's ``gamma`` and ``beta``.

    References
    ----------
    Ba, Kiros, Hinton (2016), Layer normalization.
    """

    type: Literal["layer_norm"] = "layer_norm"
    epsilon: Annotated[float, Gt(0)] = 1e-5
    scale_initializer: AnyInitializer = default(INITIALIZERS, "ones")
    shift_initializer: AnyInitializer = default(INITIALIZERS, "zeros")

    def plan(self, x: Shape) -> LayerPlan:
        """Plan ``scale`` and ``shift``."""
        if not x:
            raise ShapeError(f"layer_norm expects an axis of features, shape (..., n); found {x}")
        shape, fan = (x[-1],), Fan(1, 1)
        params = {
            "scale": ParameterPlan(shape, self.scale_initializer, fan, decay=False),
            "shift": ParameterPlan(shape, self.shift_initializer, fan, decay=False),
        }
        return LayerPlan(x, params)

    def traits(self) -> LayerTraits:
        """Return that outputs are of about one size."""
        return LayerTraits(rescales=True)


@final
class LayerNorm(Layer[LayerNormConfig]):
    """See `LayerNormConfig`."""

    def __init__(self, config: LayerNormConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        *axes, features = context.input_shape
        self._scale = context.params["scale"]
        self._shift = context.params["shift"]
        self._y = context.buffer(context.output_shape)
        self._normalized = context.training_buffer(context.output_shape)
        self._ones = np.ones(max(features, context.capacity * math.prod(axes)), context.dtype)
        # One number for every position: its mean, then what its gradient needs.
        self._mean = context.buffer((*axes, 1))
        self._inverse = context.buffer((*axes, 1))

    def forward(self, x: Array, *, training: bool) -> Array:
        """Normalize every position by its own mean and variance."""
        n, features = len(x), x.shape[-1]
        y, mean, inverse = self._y[:n], self._mean[:n], self._inverse[:n]
        normalized = self._normalized[:n] if training else y
        np.matmul(_rows(x), self._ones[:features], out=mean.reshape(-1))
        np.divide(mean, features, out=mean)
        np.subtract(x, mean, out=normalized)
        np.vecdot(normalized, normalized, out=inverse[..., 0])
        np.divide(inverse, features, out=inverse)
        np.add(inverse, self.config.epsilon, out=inverse)
        np.sqrt(inverse, out=inverse)
        np.reciprocal(inverse, out=inverse)
        np.multiply(normalized, inverse, out=normalized)
        np.multiply(normalized, self._scale.value, out=y)
        np.add(y, self._shift.value, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """``dx = (g - mean of g - z * mean of g * z) / deviation``, where ``g = scale * dy``.

        ``z`` is the normalized input; the means are over the features.
        """
        n, features = len(dy), dy.shape[-1]
        normalized, product, mean = self._normalized[:n], self._y[:n], self._mean[:n]
        np.multiply(dy, normalized, out=product)
        rows = _rows(product)
        np.matmul(self._ones[: len(rows)], rows, out=self._scale.grad)
        np.matmul(self._ones[: len(rows)], _rows(dy), out=self._shift.grad)
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[:n]
        np.multiply(dy, self._scale.value, out=dx)
        np.matmul(rows, self._scale.value, out=mean.reshape(-1))
        np.divide(mean, features, out=mean)
        np.multiply(normalized, mean, out=product)
        np.subtract(dx, product, out=dx)
        np.matmul(_rows(dy), self._scale.value, out=mean.reshape(-1))
        np.divide(mean, features, out=mean)
        np.subtract(dx, mean, out=dx)
        np.multiply(dx, self._inverse[:n], out=dx)
        return dx


def _rows(x: Array) -> Array:
    return x.reshape(-1, x.shape[-1])
