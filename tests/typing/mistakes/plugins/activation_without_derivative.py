"""An activation without `derivative`."""

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

    def gradient(self, x: Array, y: Array, out: Array) -> None:
        np.multiply(x, 2, out=out)

# mypy 17: Final class Square has abstract attributes "derivative" [misc]
# pyright 17: Class "Square" is marked final and must implement all abstract symbols [reportGeneralTypeIssues]
