"""Piecewise linear stand-in for the sigmoid."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Activation, ActivationConfig, Array, LayerContext, LayerTraits


class HardSigmoidConfig(ActivationConfig):
    """Straight lines close to ``sigmoid``: ``y = min(max(x + 3, 0), 6) / 6``, elementwise.

    Its derivative at -3 and 3 is taken as 0.

    Notes
    -----
    This is the function of PyTorch and of Keras 3. Keras 2 had ``min(max(0.2 x + 0.5, 0), 1)``.

    References
    ----------
    Howard, Sandler, Chu and others (2019), Searching for MobileNetV3, section 5.2.
    """

    type: Literal["hard_sigmoid"] = "hard_sigmoid"

    def traits(self) -> LayerTraits:
        """Say that outputs lie between -1 and 1."""
        return LayerTraits(outputs="squashed")


@final
class HardSigmoid(Activation[HardSigmoidConfig]):
    """See `HardSigmoidConfig`."""

    def __init__(self, config: HardSigmoidConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._below = context.training_buffer(context.output_shape)

    def value(self, x: Array, out: Array) -> None:
        """``min(max(x + 3, 0), 6) / 6``."""
        np.add(x, 3, out=out)
        np.clip(out, 0, 6, out=out)
        np.divide(out, 6, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        """1/6 where ``-3 < x < 3``, else 0."""
        below = self._below[: len(x)]
        np.less(x, 3, out=below)
        np.greater(x, -3, out=out)
        np.multiply(out, below, out=out)
        np.divide(out, 6, out=out)
