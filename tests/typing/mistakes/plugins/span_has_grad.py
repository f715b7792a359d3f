"""A span's gradient is `grad`."""

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
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        (velocity,) = span.slots
        np.multiply(velocity, self.config.momentum, out=velocity)
        np.add(velocity, span.gradient, out=velocity)
        np.multiply(velocity, learning_rate, out=span.scratch)
        np.subtract(span.value, span.scratch, out=span.value)

# mypy 25: "Span" has no attribute "gradient" [attr-defined]
# pyright 25: Cannot access attribute "gradient" for class "Span" [reportAttributeAccessIssue]
