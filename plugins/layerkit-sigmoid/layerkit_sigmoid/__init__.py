"""The sigmoid activation, as a Layerkit plugin."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Activation, ActivationConfig, Array, LayerTraits


class SigmoidConfig(ActivationConfig):
    """Logistic function, between 0 and 1: ``y = 1 / (1 + exp(-x))``, elementwise.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), Deep Learning, section 3.10.
    """

    type: Literal["sigmoid"] = "sigmoid"

    def traits(self) -> LayerTraits:
        """Return that outputs lie between 0 and 1."""
        return LayerTraits(outputs="squashed")


@final
class Sigmoid(Activation[SigmoidConfig]):
    """See `SigmoidConfig`."""

    def value(self, x: Array, out: Array) -> None:
        """``(1 + tanh(x / 2)) / 2``: the same function, without overflow."""
        np.multiply(x, 0.5, out=out)
        np.tanh(out, out=out)
        np.add(out, 1.0, out=out)
        np.multiply(out, 0.5, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        """``y * (1 - y)``."""
        np.subtract(1.0, y, out=out)
        np.multiply(out, y, out=out)
