"""Continuously differentiable exponential linear unit."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt

from layerkit.plugin import Activation, ActivationConfig, Array, LayerTraits


class CeluConfig(ActivationConfig):
    """Continuously differentiable exponential linear unit, elementwise.

    ``y = max(x, 0) + min(0, alpha * (exp(x / alpha) - 1))``.

    Its derivative is continuous whatever ``alpha`` is.

    Attributes
    ----------
    alpha
        What y is above the negative of, above 0.

    References
    ----------
    Barron (2017), Continuously differentiable exponential linear units.
    """

    type: Literal["celu"] = "celu"
    alpha: Annotated[float, Gt(0)] = 1.0

    def traits(self) -> LayerTraits:
        """Say what suits the weights before it."""
        return LayerTraits(initializer="he")


@final
class Celu(Activation[CeluConfig]):
    """See `CeluConfig`."""

    def value(self, x: Array, out: Array) -> None:
        """``max(x, alpha * expm1(min(x, 0) / alpha))``: the greater is the one that applies."""
        np.minimum(x, 0, out=out)
        np.divide(out, self.config.alpha, out=out)
        np.expm1(out, out=out)
        np.multiply(out, self.config.alpha, out=out)
        np.maximum(out, x, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        """``exp(min(x, 0) / alpha)``."""
        np.minimum(x, 0, out=out)
        np.divide(out, self.config.alpha, out=out)
        np.exp(out, out=out)
