"""An activation returns values instead of writing them."""

from typing import Literal, final

import numpy as np

from layerkit.plugin import Activation, ActivationConfig, Array


class SquareConfig(ActivationConfig):
    """``y = x²``, elementwise."""

    type: Literal["square"] = "square"


@final
class Square(Activation[SquareConfig]):
    def value(self, x: Array) -> Array:
        return x * x

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        np.multiply(x, 2, out=out)

# mypy 18: Signature of "value" incompatible with supertype "layerkit.contracts.activation.Activation" [override]
# pyright 18: Method "value" overrides class "Activation" in an incompatible manner [reportIncompatibleMethodOverride]
