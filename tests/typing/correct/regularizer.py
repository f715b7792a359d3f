"""A regularizer."""

from typing import ClassVar, Literal, final

import numpy as np

from layerkit.plugin import Array, Regularizer, RegularizerConfig


class FourthPowerConfig(RegularizerConfig):
    """``strength * sum(w⁴)``."""

    type: Literal["fourth_power"] = "fourth_power"
    strength: float


@final
class FourthPower(Regularizer[FourthPowerConfig]):
    elementwise: ClassVar[bool] = True

    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        np.power(value, 3, out=scratch)
        penalty = self.config.strength * float(np.vdot(scratch, value))
        np.multiply(scratch, 4 * self.config.strength, out=scratch)
        np.add(grad, scratch, out=grad)
        return penalty
