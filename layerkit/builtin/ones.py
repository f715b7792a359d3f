"""Initialisation to one."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, Fan, Initializer, InitializerConfig


class OnesConfig(InitializerConfig):
    """All one: for the scales of normalization.

    References
    ----------
    Ba, Kiros, Hinton (2016), Layer normalization, section 6.
    """

    type: Literal["ones"] = "ones"


@final
class Ones(Initializer[OnesConfig]):
    """See `OnesConfig`."""

    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        """Write ones."""
        out.fill(1)
