"""Zero initialisation."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts import Fan, Initializer, InitializerConfig


class ZerosConfig(InitializerConfig):
    """All zero: for biases."""

    type: Literal["zeros"] = "zeros"


@final
class Zeros(Initializer[ZerosConfig]):
    """See `ZerosConfig`."""

    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        """Write zeros."""
        del fan, rng
        out.fill(0)
