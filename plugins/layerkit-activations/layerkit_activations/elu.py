"""Exponential linear unit."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt

from layerkit.plugin import Activation, ActivationConfig, Array, LayerContext, LayerTraits


class EluConfig(ActivationConfig):
    """Exponential linear unit: ``y = x`` above 0, ``y = alpha * (exp(x) - 1)`` else, elementwise.

    The derivative at 0 is taken as ``alpha``, as PyTorch does.

    Attributes
    ----------
    alpha
        What y is above the negative of, above 0. With 1, the derivative has no jump.

    References
    ----------
    Clevert, Unterthiner, Hochreiter (2016), Fast and accurate deep network learning by exponential
    linear units (ELUs).
    """

    type: Literal["elu"] = "elu"
    alpha: Annotated[float, Gt(0)] = 1.0

    def traits(self) -> LayerTraits:
        """Say what suits the weights before it."""
        return LayerTraits(initializer="he")


@final
class Elu(Activation[EluConfig]):
    """See `EluConfig`."""

    def __init__(self, config: EluConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._is_positive = np.zeros(self._y.shape, np.bool_)

    def value(self, x: Array, out: Array) -> None:
        """``x`` above 0, ``alpha * expm1(x)`` else."""
        is_positive = self._is_positive[: len(x)]
        np.greater(x, 0, out=is_positive)
        np.minimum(x, 0, out=out)
        np.expm1(out, out=out)
        np.multiply(out, self.config.alpha, out=out)
        np.copyto(out, x, where=is_positive)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        """1 above 0, ``alpha * exp(x)`` else."""
        np.minimum(x, 0, out=out)
        np.exp(out, out=out)
        np.multiply(out, self.config.alpha, out=out)
        np.copyto(out, 1, where=self._is_positive[: len(x)])
