"""Uniform initialisation in a fixed range."""

from __future__ import annotations

from typing import Literal, Self, final

import numpy as np
from pydantic import model_validator

from layerkit.plugin import Array, Fan, Initializer, InitializerConfig, problem


class UniformConfig(InitializerConfig):
    """Uniform from ``low`` to ``high``, whatever the layer's size.

    Attributes
    ----------
    low, high
        Ends of the range; small ones start ``tanh`` and ``sigmoid`` where they are steepest.

    References
    ----------
    Glorot, Bengio (2010), Understanding the difficulty of training deep feedforward neural
    networks, equation 1, on what was usual before.
    """

    type: Literal["uniform"] = "uniform"
    low: float = -0.05
    high: float = 0.05

    @model_validator(mode="after")
    def _low_is_below_high(self) -> Self:
        if self.low >= self.high:
            raise problem(
                "wrong-value", f"expected low below high, found {self.low} and {self.high}"
            )
        return self


@final
class Uniform(Initializer[UniformConfig]):
    """See `UniformConfig`."""

    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        """Draw from the range."""
        out[...] = rng.uniform(self.config.low, self.config.high, out.shape)
