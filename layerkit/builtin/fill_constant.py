"""Initialisation with one number."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, Fan, Initializer, InitializerConfig


class ConstantConfig(InitializerConfig):
    """The same number everywhere.

    Attributes
    ----------
    value
        The number; 0 unless given.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), Deep Learning, section 8.4, on biases.
    """

    type: Literal["constant"] = "constant"
    value: float = 0.0


@final
class Constant(Initializer[ConstantConfig]):
    """See `ConstantConfig`."""

    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        """Write the number."""
        out.fill(self.config.value)
