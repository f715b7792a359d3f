"""Xavier (Glorot) initialisation, normal."""

from __future__ import annotations

import math
from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt

from layerkit.plugin import Array, Fan, Initializer, InitializerConfig


class XavierNormalConfig(InitializerConfig):
    """Normal with mean 0 and standard deviation ``gain * sqrt(2 / (fan_in + fan_out))``.

    Attributes
    ----------
    gain
        Above 0; 5/3 is usual before tanh.

    References
    ----------
    Glorot, Bengio (2010), Understanding the difficulty of training deep feedforward neural
    networks, equation 12.
    """

    type: Literal["xavier_normal"] = "xavier_normal"
    gain: Annotated[float, Gt(0)] = 1.0


@final
class XavierNormal(Initializer[XavierNormalConfig]):
    """See `XavierNormalConfig`."""

    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        """Draw from the distribution."""
        deviation = self.config.gain * math.sqrt(2 / (fan.fan_in + fan.fan_out))
        out[...] = rng.normal(0, deviation, out.shape)
