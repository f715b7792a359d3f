"""`fill` with a seed in place of a generator."""

from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, Fan, Initializer, InitializerConfig


class SignsConfig(InitializerConfig):
    """-scale or scale, at random."""

    type: Literal["signs"] = "signs"
    scale: float = 0.1


@final
class Signs(Initializer[SignsConfig]):
    def fill(self, out: Array, fan: Fan, rng: int) -> None:
        out[...] = self.config.scale * (
            2 * np.random.default_rng(rng).integers(0, 2, out.shape) - 1
        )

# mypy 19: Argument 3 of "fill" is incompatible with supertype "layerkit.contracts.initializer.Initializer"; supertype defines the argument type as "Generator" [override]
# pyright 19: Method "fill" overrides class "Initializer" in an incompatible manner [reportIncompatibleMethodOverride]
