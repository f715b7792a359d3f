"""Lion."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge, Gt, Lt

from layerkit.plugin import Optimizer, OptimizerConfig, Span


class LionConfig(OptimizerConfig):
    """Steps of exactly the learning rate, along the sign of a mean gradient.

    ``c = beta1 * m + (1 - beta1) * g``; ``w -= learning_rate * (sign(c) + weight_decay * w)``; then
    ``m = beta2 * m + (1 - beta2) * g``. The decay is multiplied by each parameter's factor: 1 for
    weights, 0 for biases and for scales and shifts of normalization; see ``groups``.

    PyTorch has none. Keras' ``Lion`` is the same, but decays all. The paper advises a learning rate
    of a third to a tenth of AdamW's, with a weight decay larger by as much.

    Attributes
    ----------
    learning_rate
        Above 0, by default 0.0001.
    beta1, beta2
        From 0 to below 1: the nearer to 1, the longer a gradient counts, in the step and in the
        mean.
    weight_decay
        From 0.

    References
    ----------
    Chen, Liang, Huang, Real, Wang, Pham, Dong, Luong, Hsieh, Lu, Le (2023), Symbolic discovery of
    optimization algorithms, algorithm 2.
    """

    uses_decay: ClassVar[bool] = True
    adaptive: ClassVar[bool] = True

    type: Literal["lion"] = "lion"
    learning_rate: Annotated[float, Gt(0)] = 1e-4
    beta1: Annotated[float, Ge(0), Lt(1)] = 0.9
    beta2: Annotated[float, Ge(0), Lt(1)] = 0.99
    weight_decay: Annotated[float, Ge(0)] = 0.0

    def slots(self) -> tuple[str, ...]:
        """Return the mean gradient."""
        return ("gradient_mean",)


@final
class Lion(Optimizer[LionConfig]):
    """See `LionConfig`."""

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Shrink, then step along the sign of the mean gradient."""
        config, grad, change = self.config, span.grad, span.scratch
        (mean,) = span.slots
        if span.decay > 0:
            shrink = learning_rate * config.weight_decay * span.decay
            np.multiply(span.value, 1 - shrink, out=span.value)
        np.subtract(mean, grad, out=change)
        np.multiply(change, config.beta1, out=change)
        np.add(change, grad, out=change)
        np.multiply(mean, config.beta2, out=mean)
        np.multiply(grad, 1 - config.beta2, out=grad)
        np.add(mean, grad, out=mean)
        np.sign(change, out=change)
        np.multiply(change, learning_rate, out=change)
        np.subtract(span.value, change, out=span.value)
