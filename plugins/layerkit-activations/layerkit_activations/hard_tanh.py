"""Piecewise linear stand-in for the hyperbolic tangent."""

from __future__ import annotations

from typing import Literal, Self, final

import numpy as np
from pydantic import model_validator

from layerkit.plugin import Activation, ActivationConfig, Array, LayerContext, LayerTraits, problem


class HardTanhConfig(ActivationConfig):
    """Straight lines close to ``tanh``: ``y = min(max(x, low), high)``, elementwise.

    Its derivative at both ends is taken as 0.

    Attributes
    ----------
    low, high
        The least and largest value, PyTorch's ``min_val`` and ``max_val``.

    References
    ----------
    Collobert (2004), Large scale machine learning (PhD thesis, Université Paris VI).
    """

    type: Literal["hard_tanh"] = "hard_tanh"
    low: float = -1.0
    high: float = 1.0

    @model_validator(mode="after")
    def _low_is_below_high(self) -> Self:
        if self.low >= self.high:
            raise problem(
                "wrong-value", f"expected low below high, found {self.low} and {self.high}"
            )
        return self

    def traits(self) -> LayerTraits:
        """Say whether outputs lie between -1 and 1."""
        return LayerTraits(outputs="squashed" if self.low >= -1 and self.high <= 1 else "any")


@final
class HardTanh(Activation[HardTanhConfig]):
    """See `HardTanhConfig`."""

    def __init__(self, config: HardTanhConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._below = context.training_buffer(context.output_shape)

    def value(self, x: Array, out: Array) -> None:
        """``min(max(x, low), high)``."""
        np.clip(x, self.config.low, self.config.high, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        """1 where ``low < x < high``, else 0."""
        below = self._below[: len(x)]
        np.less(x, self.config.high, out=below)
        np.greater(x, self.config.low, out=out)
        np.multiply(out, below, out=out)
