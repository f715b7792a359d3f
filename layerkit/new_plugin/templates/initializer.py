"""Random values that keep the variance of the inputs."""

from __future__ import annotations

import math
from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt

from layerkit.plugin import Array, Fan, Initializer, InitializerConfig


class PlaceholderConfig(InitializerConfig):
    """Normal with mean 0 and standard deviation ``gain / sqrt(fan_in)``.

    Attributes
    ----------
    gain
        Above 0.
    """

    type: Literal["placeholder"] = "placeholder"
    gain: Annotated[float, Gt(0)] = 1.0


@final
class Placeholder(Initializer[PlaceholderConfig]):
    """See `PlaceholderConfig`."""

    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        """Draw the values."""
        deviation = self.config.gain / math.sqrt(fan.fan_in)
        out[...] = rng.normal(0, deviation, out.shape)
