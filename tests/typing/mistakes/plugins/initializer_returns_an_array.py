"""`fill` returns an array instead of writing it."""

from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, Fan, Initializer, InitializerConfig


class SignsConfig(InitializerConfig):
    """-scale or scale, at random."""

    type: Literal["signs"] = "signs"
    scale: float = 0.1


@final
class Signs(Initializer[SignsConfig]):
    def fill(self, shape: tuple[int, ...], fan: Fan) -> Array:
        return np.full(shape, self.config.scale)

# mypy 19: Signature of "fill" incompatible with supertype "layerkit.contracts.initializer.Initializer" [override]
# pyright 19: Method "fill" overrides class "Initializer" in an incompatible manner [reportIncompatibleMethodOverride]
