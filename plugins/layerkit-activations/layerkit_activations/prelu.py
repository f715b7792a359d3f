"""Rectified linear unit with a slope that is learned."""

from __future__ import annotations

import math
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
    ShapeError,
    default,
)


class PreluConfig(LayerConfig):
    """``relu`` with a learned slope below 0: ``y = x`` above 0, ``y = slope * x`` else.

    ``(..., features)`` unchanged.

    The derivative at 0 is taken as ``slope``, as PyTorch does.

    Attributes
    ----------
    shared
        Whether one ``slope`` ``(1,)`` serves all features; else each of the last axis has its own,
        ``(features,)``.
    slope_initializer
        What fills ``slope``; by default 0.25 everywhere.

    Notes
    -----
    PyTorch's ``PReLU`` shares by default, and its channels are the second axis. The slope decays no
    weight: decay would pull it to 0, and the layer to ``relu``.

    References
    ----------
    He, Zhang, Ren, Sun (2015), Delving deep into rectifiers: surpassing human-level performance
    on ImageNet classification, section 2.1.
    """

    type: Literal["prelu"] = "prelu"
    shared: bool = False
    slope_initializer: AnyInitializer = default(INITIALIZERS, "constant", value=0.25)

    def plan(self, x: Shape) -> LayerPlan:
        """Plan ``slope``."""
        if not x:
            raise ShapeError(f"prelu expects an axis of features, shape (..., n); found {x}")
        shape = (1,) if self.shared else (x[-1],)
        slope = ParameterPlan(shape, self.slope_initializer, Fan(1, 1), decay=False)
        return LayerPlan(x, {"slope": slope})

    def traits(self) -> LayerTraits:
        """Say what suits the weights before it."""
        return LayerTraits(initializer="he")


@final
class Prelu(Layer[PreluConfig]):
    """See `PreluConfig`."""

    def __init__(self, config: PreluConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._slope = context.params["slope"]
        self._y = context.buffer(context.output_shape)
        self._negative = context.buffer(context.output_shape)
        self._is_positive = np.zeros(self._y.shape, np.bool_)
        self._ones = np.ones(context.capacity * math.prod(context.output_shape), context.dtype)

    def forward(self, x: Array, *, training: bool) -> Array:
        """``x`` above 0, ``slope * x`` else."""
        n = len(x)
        y, negative, is_positive = self._y[:n], self._negative[:n], self._is_positive[:n]
        np.greater(x, 0, out=is_positive)
        np.minimum(x, 0, out=negative)
        np.multiply(negative, self._slope.value, out=y)
        np.copyto(y, x, where=is_positive)
        return y

    def backward(self, dy: Array) -> Array | None:
        """``dx = dy`` above 0 and ``slope * dy`` else; ``dslope`` sums ``dy * min(x, 0)``."""
        n = len(dy)
        product = self._negative[:n]
        np.multiply(product, dy, out=product)
        rows = product.reshape(-1, len(self._slope.value))
        np.matmul(self._ones[: len(rows)], rows, out=self._slope.grad)
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[:n]
        np.multiply(dy, self._slope.value, out=dx)
        np.copyto(dx, dy, where=self._is_positive[:n])
        return dx
