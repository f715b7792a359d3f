"""Multiplicative Gaussian noise."""

from __future__ import annotations

import math
from typing import Literal, final

import numpy as np

from layerkit.plugin import (
    Array,
    DropoutRateConfig,
    Layer,
    LayerContext,
    LayerPlan,
    LayerTraits,
    Shape,
    fill_normal,
)


class GaussianDropoutConfig(DropoutRateConfig):
    """Noise as a factor: ``y = x * noise`` in training, ``y = x`` otherwise; any shape.

    Every element of ``noise`` is normal with mean 1 and variance ``rate / (1 - rate)``, which are
    mean and variance of the factors of ``dropout``, drawn at every step.

    Attributes
    ----------
    rate
        The fraction that ``dropout`` of the same variance drops, from 0 to below 1.

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov (2014), Dropout: a simple way to
    prevent neural networks from overfitting, section 10.
    """

    type: Literal["gaussian_dropout"] = "gaussian_dropout"

    def plan(self, x: Shape) -> LayerPlan:
        """Return the shape unchanged."""
        return LayerPlan(x)

    def traits(self) -> LayerTraits:
        """Say that it adds noise."""
        return LayerTraits(adds_noise=True)


@final
class GaussianDropout(Layer[GaussianDropoutConfig]):
    """See `GaussianDropoutConfig`."""

    def __init__(self, config: GaussianDropoutConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._y = context.training_buffer(context.output_shape)
        self._noise = context.training_buffer(context.output_shape)
        self._rate = config.scheduled_rate(context)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Multiply by new noise; nothing otherwise."""
        if not training:
            return x
        y, noise = self._y[: len(x)], self._noise[: len(x)]
        fill_normal(self.context.rng, noise)
        rate = self._rate.value
        np.multiply(noise, math.sqrt(rate / (1 - rate)), out=noise)
        np.add(noise, 1, out=noise)
        np.multiply(x, noise, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Multiply by the same noise."""
        if self.context.input_grad is None:
            return None
        np.multiply(dy, self._noise[: len(dy)], out=dy)
        return dy
