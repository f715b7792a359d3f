"""Hyperbolic tangent."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Activation, ActivationConfig, Array, LayerTraits


class TanhConfig(ActivationConfig):
    """Hyperbolic tangent, between -1 and 1: ``y = tanh(x)``, elementwise.

    References
    ----------
    LeCun, Bottou, Orr, Müller (1998), Efficient BackProp, section 4.4.
    """

    type: Literal["tanh"] = "tanh"

    def traits(self) -> LayerTraits:
        """Return what warnings need to know."""
        return LayerTraits(outputs="squashed")


@final
class Tanh(Activation[TanhConfig]):
    """See `TanhConfig`."""

    def value(self, x: Array, out: Array) -> None:
        """``tanh(x)``."""
        np.tanh(x, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        """``1 - y²``."""
        np.multiply(y, y, out=out)
        np.subtract(1.0, out, out=out)
