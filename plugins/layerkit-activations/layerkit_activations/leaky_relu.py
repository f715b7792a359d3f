"""Leaky rectified linear unit."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Ge, Le

from layerkit.plugin import Activation, ActivationConfig, Array, LayerTraits


class LeakyReluConfig(ActivationConfig):
    """``relu`` with a slope below 0, elementwise.

    ``y = x`` above 0, ``y = negative_slope * x`` else.

    The derivative at 0 is taken as ``negative_slope``, as PyTorch does.

    Attributes
    ----------
    negative_slope
        Slope below 0, from 0 to 1. Keras's default is 0.3; this one is the paper's and PyTorch's.

    References
    ----------
    Maas, Hannun, Ng (2013), Rectifier nonlinearities improve neural network acoustic models.
    """

    type: Literal["leaky_relu"] = "leaky_relu"
    negative_slope: Annotated[float, Ge(0), Le(1)] = 0.01

    def traits(self) -> LayerTraits:
        """Say what suits the weights before it."""
        return LayerTraits(initializer="he")


@final
class LeakyRelu(Activation[LeakyReluConfig]):
    """See `LeakyReluConfig`."""

    def value(self, x: Array, out: Array) -> None:
        """``max(x, negative_slope * x)``."""
        np.multiply(x, self.config.negative_slope, out=out)
        np.maximum(x, out, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        """1 where ``x > 0``, else ``negative_slope``."""
        np.greater(x, 0, out=out)
        np.maximum(out, self.config.negative_slope, out=out)
