"""Gaussian error linear unit."""

from __future__ import annotations

import math
from typing import Literal, final

import numpy as np

from layerkit.plugin import Activation, ActivationConfig, Array, LayerContext, LayerTraits
from layerkit_activations.erfc import END, ComplementaryErrorFunction
from layerkit_activations.logistic import logistic

CUBIC = 0.044715


class GeluConfig(ActivationConfig):
    """Gaussian error linear unit: ``y = x * P(Z <= x)`` for a standard normal Z, elementwise.

    Attributes
    ----------
    approximate
        ``"none"`` is that formula, to the last digits. ``"tanh"`` takes
        ``(1 + tanh(sqrt(2 / pi) * (x + 0.044715 x³))) / 2`` for the probability, which is up to
        5e-4 off, as GPT-2 and BERT's first implementation do. The names are PyTorch's.

    References
    ----------
    Hendrycks, Gimpel (2016), Gaussian error linear units (GELUs).
    """

    type: Literal["gelu"] = "gelu"
    approximate: Literal["none", "tanh"] = "none"

    def traits(self) -> LayerTraits:
        """Say what suits the weights before it."""
        return LayerTraits(initializer="he")


@final
class Gelu(Activation[GeluConfig]):
    """See `GeluConfig`."""

    def __init__(self, config: GeluConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._probability = context.buffer(context.output_shape)
        self._scratch = context.training_buffer(context.output_shape)
        self._erfc = ComplementaryErrorFunction(context.dtype)

    def value(self, x: Array, out: Array) -> None:
        """``x`` times the probability."""
        probability = self._probability[: len(x)]
        if self.config.approximate == "tanh":
            _cubic(x, probability)
            logistic(probability, probability, scratch=out)
        else:
            np.multiply(x, -1 / math.sqrt(2), out=probability)
            self._erfc.apply(probability.reshape(-1))
            np.multiply(probability, 0.5, out=probability)
        np.multiply(x, probability, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        """Add ``x`` times the derivative of the probability to the probability."""
        probability, scratch = self._probability[: len(x)], self._scratch[: len(x)]
        np.clip(x, -END, END, out=scratch)  # its square must not overflow
        np.multiply(scratch, scratch, out=out)
        if self.config.approximate == "tanh":
            np.multiply(out, 3 * CUBIC, out=out)
            np.add(out, 1, out=out)
            np.multiply(out, 2 * math.sqrt(2 / math.pi), out=out)
            np.multiply(out, scratch, out=out)
            np.multiply(out, probability, out=out)
            np.subtract(1, probability, out=scratch)
        else:
            np.multiply(out, -0.5, out=out)
            np.exp(out, out=out)
            np.multiply(out, 1 / math.sqrt(2 * math.pi), out=out)
        np.multiply(out, scratch, out=out)
        np.add(out, probability, out=out)


def _cubic(x: Array, out: Array) -> None:
    """Write ``2 sqrt(2 / pi) * (x + 0.044715 x³)``, as ``(1 + tanh(u)) / 2 = sigmoid(2u)``."""
    np.clip(x, -END, END, out=out)
    np.multiply(out, out, out=out)
    np.multiply(out, CUBIC, out=out)
    np.add(out, 1, out=out)
    np.multiply(out, 2 * math.sqrt(2 / math.pi), out=out)
    np.multiply(out, x, out=out)
