"""`update` of value and gradient."""

from typing import Literal, final

import numpy as np

from layerkit.plugin import Optimizer, OptimizerConfig, Span


class HeavyBallConfig(OptimizerConfig):
    """Gradient descent with momentum."""

    type: Literal["heavy_ball"] = "heavy_ball"
    momentum: float = 0.9

    def slots(self) -> tuple[str, ...]:
        return ("velocity",)


@final
class HeavyBall(Optimizer[HeavyBallConfig]):
    def update(self, value: np.ndarray, grad: np.ndarray, learning_rate: float) -> None:
        velocity = value
        np.multiply(velocity, self.config.momentum, out=velocity)
        np.add(velocity, grad, out=velocity)
        np.multiply(velocity, learning_rate, out=grad)
        np.subtract(value, grad, out=value)

# mypy 22: Argument 1 of "update" is incompatible with supertype "layerkit.contracts.optimizer.Optimizer"; supertype defines the argument type as "Span" [override]
# mypy 22: Argument 2 of "update" is incompatible with supertype "layerkit.contracts.optimizer.Optimizer"; supertype defines the argument type as "float" [override]
# pyright 22: Method "update" overrides class "Optimizer" in an incompatible manner [reportIncompatibleMethodOverride]
