"""Root mean square normalization."""

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


class RmsNormConfig(LayerConfig):
    """Divides the features of an example by their root mean square, then scales them.

    ``y = scale * x / sqrt(mean(x²) + epsilon)``, ``(..., features)`` unchanged.

    The mean is that of each position of each example, over its features alone: the last axis. It is
    ``layer_norm`` without a mean subtracted and without a shift. Training and evaluation do the
    same.

    Attributes
    ----------
    epsilon
        Added to the mean square, inside the root; above 0.
    scale_initializer
        What fills ``scale`` ``(features,)``; by default ``ones``.

    Notes
    -----
    The default of ``epsilon`` is Keras's; PyTorch's is the machine epsilon. ``scale`` is PyTorch's
    ``weight``.

    References
    ----------
    Zhang, Sennrich (2019), Root mean square layer normalization.
    """

    type: Literal["rms_norm"] = "rms_norm"
    epsilon: Annotated[float, Gt(0)] = 1e-6
    scale_initializer: AnyInitializer = default(INITIALIZERS, "ones")

    def plan(self, x: Shape) -> LayerPlan:
        """Plan ``scale``."""
        if not x:
            raise ShapeError(f"rms_norm expects an axis of features, shape (..., n); found {x}")
        scale = ParameterPlan((x[-1],), self.scale_initializer, Fan(1, 1), decay=False)
        return LayerPlan(x, {"scale": scale})

    def traits(self) -> LayerTraits:
        """Say that outputs are of about the same size for inputs of any size."""
        return LayerTraits(rescales=True)


@final
class RmsNorm(Layer[RmsNormConfig]):
    """See `RmsNormConfig`."""

    def __init__(self, config: RmsNormConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        *axes, _ = context.input_shape
        self._scale = context.params["scale"]
        self._y = context.buffer(context.output_shape)
        self._normalized = context.training_buffer(context.output_shape)
        self._ones = np.ones(context.capacity * math.prod(axes), context.dtype)
        # One number for every position.
        self._inverse = context.buffer((*axes, 1))
        self._mean = context.training_buffer((*axes, 1))

    def forward(self, x: Array, *, training: bool) -> Array:
        """Divide every position by its own root mean square."""
        n, features = len(x), x.shape[-1]
        y, inverse = self._y[:n], self._inverse[:n]
        normalized = self._normalized[:n] if training else y
        np.vecdot(x, x, out=inverse[..., 0])
        np.divide(inverse, features, out=inverse)
        np.add(inverse, self.config.epsilon, out=inverse)
        np.sqrt(inverse, out=inverse)
        np.reciprocal(inverse, out=inverse)
        np.multiply(x, inverse, out=normalized)
        np.multiply(normalized, self._scale.value, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """``dx = (g - z * mean of g * z) / root mean square``, where ``g = scale * dy``.

        ``z`` is the normalized input; the mean is over the features.
        """
        n, features = len(dy), dy.shape[-1]
        normalized, product, mean = self._normalized[:n], self._y[:n], self._mean[:n]
        np.multiply(dy, normalized, out=product)
        rows = product.reshape(-1, features)
        np.matmul(self._ones[: len(rows)], rows, out=self._scale.grad)
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[:n]
        np.matmul(rows, self._scale.value, out=mean.reshape(-1))
        np.divide(mean, features, out=mean)
        np.multiply(normalized, mean, out=product)
        np.multiply(dy, self._scale.value, out=dx)
        np.subtract(dx, product, out=dx)
        np.multiply(dx, self._inverse[:n], out=dx)
        return dx
