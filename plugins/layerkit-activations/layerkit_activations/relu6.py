"""Rectified linear unit that ends at 6."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Activation, ActivationConfig, Array, LayerContext, LayerTraits


class Relu6Config(ActivationConfig):
    """``relu`` up to 6: ``y = min(max(x, 0), 6)``, elementwise.

    Its derivative at 0 and 6 is taken as 0.

    References
    ----------
    Krizhevsky (2010), Convolutional deep belief networks on CIFAR-10.
    """

    type: Literal["relu6"] = "relu6"

    def traits(self) -> LayerTraits:
        """Say what suits the weights before it."""
        return LayerTraits(initializer="he")


@final
class Relu6(Activation[Relu6Config]):
    """See `Relu6Config`."""

    def __init__(self, config: Relu6Config, context: LayerContext) -> None:
        super().__init__(config, context)
        self._below = context.training_buffer(context.output_shape)

    def value(self, x: Array, out: Array) -> None:
        """``min(max(x, 0), 6)``."""
        np.clip(x, 0, 6, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        """1 where ``0 < x < 6``, else 0."""
        below = self._below[: len(x)]
        np.less(x, 6, out=below)
        np.greater(x, 0, out=out)
        np.multiply(out, below, out=out)
