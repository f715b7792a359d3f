"""Scaled exponential linear unit."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Activation, ActivationConfig, Array, LayerContext, LayerTraits

ALPHA = 1.6732632423543772
SCALE = 1.0507009873554805


class SeluConfig(ActivationConfig):
    """``elu`` scaled so that mean 0 and variance 1 last from layer to layer, elementwise.

    ``y = scale * x`` above 0, ``y = scale * alpha * (exp(x) - 1)`` else.

    ``alpha`` = 1.6732632423543772 and ``scale`` = 1.0507009873554805 keep mean 0 and variance 1
    from layer to layer, with weights of variance ``1 / fan_in``. The derivative at 0 is taken as
    ``scale * alpha``, as PyTorch does.

    References
    ----------
    Klambauer, Unterthiner, Mayr, Hochreiter (2017), Self-normalizing neural networks, equation 14.
    """

    type: Literal["selu"] = "selu"

    def traits(self) -> LayerTraits:
        """Say what suits the weights before it."""
        return LayerTraits(initializer="lecun")


@final
class Selu(Activation[SeluConfig]):
    """See `SeluConfig`."""

    def __init__(self, config: SeluConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._is_positive = np.zeros(self._y.shape, np.bool_)

    def value(self, x: Array, out: Array) -> None:
        """``scale * x`` above 0, ``scale * alpha * expm1(x)`` else."""
        is_positive = self._is_positive[: len(x)]
        np.greater(x, 0, out=is_positive)
        np.minimum(x, 0, out=out)
        np.expm1(out, out=out)
        np.multiply(out, ALPHA, out=out)
        np.copyto(out, x, where=is_positive)
        np.multiply(out, SCALE, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        """``scale`` above 0, ``scale * alpha * exp(x)`` else."""
        np.minimum(x, 0, out=out)
        np.exp(out, out=out)
        np.multiply(out, ALPHA * SCALE, out=out)
        np.copyto(out, SCALE, where=self._is_positive[: len(x)])
