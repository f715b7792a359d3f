"""He initialisation: keeps the variance from layer to layer where ReLU halves it."""

from __future__ import annotations

import math
from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, Fan, Initializer, InitializerConfig


class HeNormalConfig(InitializerConfig):
    """Normal with mean 0 and standard deviation ``sqrt(2 / fan_in)``.

    References
    ----------
    He, Zhang, Ren, Sun (2015), Delving deep into rectifiers: surpassing human-level performance
    on ImageNet classification, equation 10.
    """

    type: Literal["he_normal"] = "he_normal"


@final
class HeNormal(Initializer[HeNormalConfig]):
    """See `HeNormalConfig`."""

    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        """Draw from the distribution."""
        out[...] = rng.normal(0, math.sqrt(2 / fan.fan_in), out.shape)


class HeUniformConfig(InitializerConfig):
    """Uniform in ``±sqrt(6 / fan_in)``, which has the variance of ``he_normal``.

    References
    ----------
    He, Zhang, Ren, Sun (2015), Delving deep into rectifiers: surpassing human-level performance
    on ImageNet classification, equation 10.
    """

    type: Literal["he_uniform"] = "he_uniform"


@final
class HeUniform(Initializer[HeUniformConfig]):
    """See `HeUniformConfig`."""

    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        """Draw from the range."""
        limit = math.sqrt(6 / fan.fan_in)
        out[...] = rng.uniform(-limit, limit, out.shape)
