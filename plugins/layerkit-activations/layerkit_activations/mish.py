"""Mish."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Activation, ActivationConfig, Array, LayerContext, LayerTraits
from layerkit_activations.logistic import logistic


class MishConfig(ActivationConfig):
    """A smooth ``relu`` with a dip below 0: ``y = x * tanh(log(1 + exp(x)))``, elementwise.

    References
    ----------
    Misra (2020), Mish: a self regularized non-monotonic activation function.
    """

    type: Literal["mish"] = "mish"

    def traits(self) -> LayerTraits:
        """Say what suits the weights before it."""
        return LayerTraits(initializer="he")


@final
class Mish(Activation[MishConfig]):
    """See `MishConfig`."""

    def __init__(self, config: MishConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._tanh = context.buffer(context.output_shape)
        self._scratch = context.training_buffer(context.output_shape)

    def value(self, x: Array, out: Array) -> None:
        """``x * tanh(max(x, 0) + log1p(exp(-|x|)))``."""
        tanh = self._tanh[: len(x)]
        np.abs(x, out=tanh)
        np.negative(tanh, out=tanh)
        np.exp(tanh, out=tanh)
        np.log1p(tanh, out=tanh)
        np.maximum(x, 0, out=out)
        np.add(tanh, out, out=tanh)
        np.tanh(tanh, out=tanh)
        np.multiply(x, tanh, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        """``t + x * sigmoid(x) * (1 - t²)``, where ``t = y / x`` is the hyperbolic tangent."""
        tanh, scratch = self._tanh[: len(x)], self._scratch[: len(x)]
        logistic(x, out, scratch=scratch)
        np.multiply(tanh, tanh, out=scratch)
        np.subtract(1, scratch, out=scratch)
        np.multiply(out, scratch, out=out)
        np.multiply(out, x, out=out)
        np.add(out, tanh, out=out)
