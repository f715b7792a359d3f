"""`derivative` without the output."""

from typing import Literal, final

import numpy as np

from layerkit.plugin import Activation, ActivationConfig, Array


class SquareConfig(ActivationConfig):
    """``y = x²``, elementwise."""

    type: Literal["square"] = "square"


@final
class Square(Activation[SquareConfig]):
    def value(self, x: Array, out: Array) -> None:
        np.multiply(x, x, out=out)

    def derivative(self, x: Array, out: Array) -> None:
        np.multiply(x, 2, out=out)

# mypy 21: Signature of "derivative" incompatible with supertype "layerkit.contracts.activation.Activation" [override]
# pyright 21: Method "derivative" overrides class "Activation" in an incompatible manner [reportIncompatibleMethodOverride]
