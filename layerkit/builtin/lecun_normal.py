"""LeCun initialisation, normal."""

from __future__ import annotations

import math
from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, Fan, Initializer, InitializerConfig


class LecunNormalConfig(InitializerConfig):
    """Normal with mean 0 and standard deviation ``sqrt(1 / fan_in)``, which SELU expects.

    References
    ----------
    LeCun, Bottou, Orr, Müller (1998), Efficient BackProp, section 4.6.
    Klambauer, Unterthiner, Mayr, Hochreiter (2017), Self-normalizing neural networks.
    """

    type: Literal["lecun_normal"] = "lecun_normal"


@final
class LecunNormal(Initializer[LecunNormalConfig]):
    """See `LecunNormalConfig`."""

    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        """Draw from the distribution."""
        out[...] = rng.normal(0, math.sqrt(1 / fan.fan_in), out.shape)
