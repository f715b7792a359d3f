"""`slots` returns a list."""

from typing import Literal, final

import numpy as np

from layerkit.plugin import Optimizer, OptimizerConfig, Span


class HeavyBallConfig(OptimizerConfig):
    """Gradient descent with momentum."""

    type: Literal["heavy_ball"] = "heavy_ball"
    momentum: float = 0.9

    def slots(self) -> list[str]:
        return ["velocity"]


@final
class HeavyBall(Optimizer[HeavyBallConfig]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        (velocity,) = span.slots
        np.multiply(velocity, self.config.momentum, out=velocity)
        np.add(velocity, span.grad, out=velocity)
        np.multiply(velocity, learning_rate, out=span.scratch)
        np.subtract(span.value, span.scratch, out=span.value)

# mypy 16: Return type "list[str]" of "slots" incompatible with return type "tuple[str, ...]" in supertype "layerkit.contracts.optimizer.OptimizerConfig" [override]
# pyright 16: Method "slots" overrides class "OptimizerConfig" in an incompatible manner [reportIncompatibleMethodOverride]
