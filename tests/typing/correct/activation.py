"""An activation."""

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

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        np.multiply(x, 2, out=out)
