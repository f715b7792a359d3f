"""Xavier (Glorot) initialisation, uniform."""

from __future__ import annotations

import math
from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt

from layerkit.plugin import Array, Fan, Initializer, InitializerConfig


class XavierUniformConfig(InitializerConfig):
    """Uniform in ``±gain * sqrt(6 / (fan_in + fan_out))``.

    Attributes
    ----------
    gain
        Above 0; 5/3 is usual before tanh.

    References
    ----------
    Glorot, Bengio (2010), Understanding the difficulty of training deep feedforward neural
    networks, equation 16.
    """

    type: Literal["xavier_uniform"] = "xavier_uniform"
    gain: Annotated[float, Gt(0)] = 1.0


@final
class XavierUniform(Initializer[XavierUniformConfig]):
    """See `XavierUniformConfig`."""

    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        """Draw from the range."""
        limit = self.config.gain * math.sqrt(6 / (fan.fan_in + fan.fan_out))
        out[...] = rng.uniform(-limit, limit, out.shape)
