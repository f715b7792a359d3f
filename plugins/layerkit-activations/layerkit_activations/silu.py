"""Sigmoid linear unit."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Activation, ActivationConfig, Array, LayerContext, LayerTraits
from layerkit_activations.logistic import logistic


class SiluConfig(ActivationConfig):
    """Sigmoid linear unit, also known as swish: ``y = x / (1 + exp(-x))``, elementwise.

    References
    ----------
    Elfwing, Uchibe, Doya (2018), Sigmoid-weighted linear units for neural network function
    approximation in reinforcement learning; Ramachandran, Zoph, Le (2017), Searching for activation
    functions.
    """

    type: Literal["silu"] = "silu"

    def traits(self) -> LayerTraits:
        """Say what suits the weights before it."""
        return LayerTraits(initializer="he")


@final
class Silu(Activation[SiluConfig]):
    """See `SiluConfig`."""

    def __init__(self, config: SiluConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._sigmoid = context.buffer(context.output_shape)

    def value(self, x: Array, out: Array) -> None:
        """``x * sigmoid(x)``."""
        sigmoid = self._sigmoid[: len(x)]
        logistic(x, sigmoid, scratch=out)
        np.multiply(x, sigmoid, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        """``sigmoid(x) + y * (1 - sigmoid(x))``."""
        sigmoid = self._sigmoid[: len(x)]
        np.subtract(1, sigmoid, out=out)
        np.multiply(out, y, out=out)
        np.add(out, sigmoid, out=out)
