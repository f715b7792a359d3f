"""Smooth rectifier."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt

from layerkit.plugin import Activation, ActivationConfig, Array, LayerContext, LayerTraits
from layerkit_activations.logistic import logistic


class SoftplusConfig(ActivationConfig):
    """A smooth ``relu``: ``y = log(1 + exp(beta * x)) / beta``, elementwise.

    Attributes
    ----------
    beta
        How sharp the bend is, above 0.

    Notes
    -----
    PyTorch takes ``y = x`` where ``beta * x`` is above its ``threshold`` of 20, which is up to 2e-9
    less; here the formula holds everywhere.

    References
    ----------
    Dugas, Bengio, Bélisle, Nadeau, Garcia (2001), Incorporating second-order functional knowledge
    for better option pricing.
    """

    type: Literal["softplus"] = "softplus"
    beta: Annotated[float, Gt(0)] = 1.0

    def traits(self) -> LayerTraits:
        """Say what suits the weights before it."""
        return LayerTraits(initializer="he")


@final
class Softplus(Activation[SoftplusConfig]):
    """See `SoftplusConfig`."""

    def __init__(self, config: SoftplusConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._scratch = context.buffer(context.output_shape)

    def value(self, x: Array, out: Array) -> None:
        """``max(x, 0) + log1p(exp(-beta * |x|)) / beta``."""
        positive = self._scratch[: len(x)]
        np.maximum(x, 0, out=positive)
        np.abs(x, out=out)
        np.multiply(out, -self.config.beta, out=out)
        np.exp(out, out=out)
        np.log1p(out, out=out)
        np.divide(out, self.config.beta, out=out)
        np.add(out, positive, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        """``sigmoid(beta * x)``."""
        np.multiply(x, self.config.beta, out=out)
        logistic(out, out, scratch=self._scratch[: len(x)])
