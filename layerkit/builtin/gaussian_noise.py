"""Additive Gaussian noise."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Ge
from pydantic import Field

from layerkit.plugin import (
    Array,
    Layer,
    LayerConfig,
    LayerContext,
    LayerPlan,
    LayerTraits,
    Shape,
    fill_normal,
)


class GaussianNoiseConfig(LayerConfig):
    """Noise added: ``y = x + noise`` in training, ``y = x`` otherwise; any shape.

    Every element of ``noise`` is normal with mean 0, drawn at every step.

    Attributes
    ----------
    deviation
        Standard deviation of the noise, in the units of x, from 0; Keras's ``stddev``.

    References
    ----------
    Bishop (1995), Training with noise is equivalent to Tikhonov regularization.
    """

    type: Literal["gaussian_noise"] = "gaussian_noise"
    deviation: Annotated[float, Ge(0), Field(examples=[0.1])]

    def plan(self, x: Shape) -> LayerPlan:
        """Return the shape unchanged."""
        return LayerPlan(x)

    def traits(self) -> LayerTraits:
        """Say that it adds noise."""
        return LayerTraits(adds_noise=True)


@final
class GaussianNoise(Layer[GaussianNoiseConfig]):
    """See `GaussianNoiseConfig`."""

    def __init__(self, config: GaussianNoiseConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._y = context.training_buffer(context.output_shape)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Add new noise; nothing otherwise."""
        if not training:
            return x
        y = self._y[: len(x)]
        fill_normal(self.context.rng, y)
        np.multiply(y, self.config.deviation, out=y)
        np.add(y, x, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Pass the gradient on: the noise does not depend on the input."""
        return None if self.context.input_grad is None else dy
