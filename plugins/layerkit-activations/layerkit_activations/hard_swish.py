"""Piecewise quadratic stand-in for SiLU."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Activation, ActivationConfig, Array, LayerContext, LayerTraits


class HardSwishConfig(ActivationConfig):
    """Close to ``silu``, without exp: ``y = x * min(max(x + 3, 0), 6) / 6``, elementwise.

    Its derivative is taken as 0 at -3 and as 1 at 3, as PyTorch does.

    References
    ----------
    Howard, Sandler, Chu and others (2019), Searching for MobileNetV3, section 5.2.
    """

    type: Literal["hard_swish"] = "hard_swish"

    def traits(self) -> LayerTraits:
        """Say what suits the weights before it."""
        return LayerTraits(initializer="he")


@final
class HardSwish(Activation[HardSwishConfig]):
    """See `HardSwishConfig`."""

    def __init__(self, config: HardSwishConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._is_beyond = np.zeros(context.training_buffer(context.output_shape).shape, np.bool_)

    def value(self, x: Array, out: Array) -> None:
        """``x * min(max(x + 3, 0), 6) / 6``."""
        np.add(x, 3, out=out)
        np.clip(out, 0, 6, out=out)
        np.divide(out, 6, out=out)
        np.multiply(out, x, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        """0 up to -3, 1 from 3 on, ``x / 3 + 1/2`` between."""
        is_beyond = self._is_beyond[: len(x)]
        np.divide(x, 3, out=out)
        np.add(out, 0.5, out=out)
        np.less_equal(x, -3, out=is_beyond)
        np.copyto(out, 0, where=is_beyond)
        np.greater_equal(x, 3, out=is_beyond)
        np.copyto(out, 1, where=is_beyond)
