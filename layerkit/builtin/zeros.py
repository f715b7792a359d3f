"""Zero initialisation."""

from __future__ import annotations

from typing import ClassVar, Literal, final

import numpy as np

from layerkit.plugin import Array, Fan, Initializer, InitializerConfig


class ZerosConfig(InitializerConfig):
    """All zero: for biases.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), Deep Learning, section 8.4, on biases.
    """

    is_zero: ClassVar[bool] = True

    type: Literal["zeros"] = "zeros"


@final
class Zeros(Initializer[ZerosConfig]):
    """See `ZerosConfig`."""

    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        """Write zeros."""
        out.fill(0)
