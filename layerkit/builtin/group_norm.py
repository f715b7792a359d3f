"""Group normalization."""

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

WITHIN = (1, 3)
"""The axes of ``(n, positions, groups, channels of a group)`` that statistics are taken over."""


class GroupNormConfig(LayerConfig):
    """Group normalization: mean 0 and variance 1 over groups of an example's channels.

    ``y = scale * (x - mean) / sqrt(variance + epsilon) + shift``, ``(..., channels)`` unchanged.

    The channels, the last axis, are cut into groups of neighbours. Mean and variance are those of
    each group of each example, over its channels and all positions. The variance is biased: divided
    by the number of values. Training and evaluation do the same.

    Attributes
    ----------
    groups
        How many groups, a divisor of the number of channels. 1 normalizes each example as a whole,
        one for every channel is instance normalization.
    epsilon
        Added to the variance, inside the root; above 0.
    scale_initializer, shift_initializer
        What fills ``scale`` and ``shift``, ``(channels,)``; by default ``ones`` and ``zeros``.

    Notes
    -----
    The default of ``epsilon`` is PyTorch's; Keras's is 1e-3. That of ``groups`` is the paper's.
    PyTorch's channels are the second axis; its ``weight`` and ``bias`` are ``scale`` and ``shift``.

    References
    ----------
    Wu, He (2018), Group normalization.
    """

    type: Literal["group_norm"] = "group_norm"
    groups: Annotated[int, Gt(0)] = 32
    epsilon: Annotated[float, Gt(0)] = 1e-5
    scale_initializer: AnyInitializer = default(INITIALIZERS, "ones")
    shift_initializer: AnyInitializer = default(INITIALIZERS, "zeros")

    def plan(self, x: Shape) -> LayerPlan:
        """Plan ``scale`` and ``shift``."""
        if not x or x[-1] % self.groups:
            raise ShapeError(
                f"group_norm expects a number of channels that is a multiple of groups = "
                f"{self.groups}, shape (..., channels); found {x}",
                ("groups",),
            )
        shape, fan = (x[-1],), Fan(1, 1)
        params = {
            "scale": ParameterPlan(shape, self.scale_initializer, fan, decay=False),
            "shift": ParameterPlan(shape, self.shift_initializer, fan, decay=False),
        }
        return LayerPlan(x, params)

    def traits(self) -> LayerTraits:
        """Say that outputs are of about the same size for inputs of any size."""
        return LayerTraits(rescales=True)


@final
class GroupNorm(Layer[GroupNormConfig]):
    """See `GroupNormConfig`."""

    def __init__(self, config: GroupNormConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        *axes, channels = context.input_shape
        self._scale = context.params["scale"]
        self._shift = context.params["shift"]
        self._y = context.buffer(context.output_shape)
        self._normalized = context.buffer(context.output_shape)
        self._ones = np.ones(context.capacity * math.prod(axes), context.dtype)
        self._groups = (math.prod(axes), config.groups, channels // config.groups)
        self._values = self._groups[0] * self._groups[2]
        # One number for every group of every example.
        self._mean = context.buffer((1, config.groups, 1))
        self._inverse = context.buffer((1, config.groups, 1))

    def forward(self, x: Array, *, training: bool) -> Array:
        """Normalize every group of every example by its own mean and variance."""
        n = len(x)
        y, mean, inverse = self._y[:n], self._mean[:n], self._inverse[:n]
        normalized = self._normalized[:n]
        np.copyto(normalized, x)
        groups, squares = self._grouped(normalized), self._grouped(y)
        self._average(groups, mean)
        np.subtract(groups, mean, out=groups)
        np.multiply(groups, groups, out=squares)
        self._average(squares, inverse)
        np.add(inverse, self.config.epsilon, out=inverse)
        np.sqrt(inverse, out=inverse)
        np.reciprocal(inverse, out=inverse)
        np.multiply(groups, inverse, out=groups)
        np.multiply(normalized, self._scale.value, out=y)
        np.add(y, self._shift.value, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """``dx = (g - mean of g - z * mean of g * z) / deviation``, where ``g = scale * dy``.

        ``z`` is the normalized input; the means are those of the group.
        """
        n = len(dy)
        normalized, product, mean = self._normalized[:n], self._y[:n], self._mean[:n]
        np.multiply(dy, normalized, out=product)
        rows = product.reshape(-1, product.shape[-1])
        np.matmul(self._ones[: len(rows)], rows, out=self._scale.grad)
        np.matmul(self._ones[: len(rows)], dy.reshape(rows.shape), out=self._shift.grad)
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[:n]
        np.multiply(product, self._scale.value, out=product)
        self._average(self._grouped(product), mean)
        np.multiply(self._grouped(normalized), mean, out=self._grouped(normalized))
        np.multiply(dy, self._scale.value, out=product)
        np.subtract(product, normalized, out=dx)
        self._average(self._grouped(product), mean)
        groups = self._grouped(dx)
        np.subtract(groups, mean, out=groups)
        np.multiply(groups, self._inverse[:n], out=groups)
        return dx

    def _grouped(self, x: Array) -> Array:
        return x.reshape(len(x), *self._groups, copy=False)

    def _average(self, groups: Array, out: Array) -> None:
        np.sum(groups, axis=WITHIN, keepdims=True, out=out)
        np.divide(out, self._values, out=out)
