"""An initializer."""

from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, Fan, Initializer, InitializerConfig


class SignsConfig(InitializerConfig):
    """-scale or scale, at random."""

    type: Literal["signs"] = "signs"
    scale: float = 0.1


@final
class Signs(Initializer[SignsConfig]):
    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        out[...] = self.config.scale * (2 * rng.integers(0, 2, out.shape) - 1)
