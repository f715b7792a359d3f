"""LeCun initialisation, uniform."""

from __future__ import annotations

import math
from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, Fan, Initializer, InitializerConfig


class LecunUniformConfig(InitializerConfig):
    """Uniform in ``±sqrt(3 / fan_in)``, which has the variance of ``lecun_normal``.

    References
    ----------
    LeCun, Bottou, Orr, Müller (1998), Efficient BackProp, section 4.6.
    """

    type: Literal["lecun_uniform"] = "lecun_uniform"


@final
class LecunUniform(Initializer[LecunUniformConfig]):
    """See `LecunUniformConfig`."""

    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        """Draw from the range."""
        limit = math.sqrt(3 / fan.fan_in)
        out[...] = rng.uniform(-limit, limit, out.shape)
