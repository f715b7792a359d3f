"""Softsign."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Activation, ActivationConfig, Array, LayerTraits


class SoftsignConfig(ActivationConfig):
    """Between -1 and 1, flatter than ``tanh``: ``y = x / (1 + |x|)``, elementwise.

    References
    ----------
    Bergstra, Desjardins, Lamblin, Bengio (2009), Quadratic polynomials learn better image features.
    """

    type: Literal["softsign"] = "softsign"

    def traits(self) -> LayerTraits:
        """Say that outputs lie between -1 and 1."""
        return LayerTraits(outputs="squashed")


@final
class Softsign(Activation[SoftsignConfig]):
    """See `SoftsignConfig`."""

    def value(self, x: Array, out: Array) -> None:
        """``x / (1 + |x|)``."""
        np.abs(x, out=out)
        np.add(out, 1, out=out)
        np.divide(x, out, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        """``1 / (1 + |x|)²``; the square of the reciprocal, which cannot overflow."""
        np.abs(x, out=out)
        np.add(out, 1, out=out)
        np.reciprocal(out, out=out)
        np.multiply(out, out, out=out)
