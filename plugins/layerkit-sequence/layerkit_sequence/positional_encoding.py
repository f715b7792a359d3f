"""Sinusoidal positions."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt

from layerkit.plugin import Array, Layer, LayerConfig, LayerContext, LayerPlan, Shape
from layerkit_sequence.steps import sequence


class PositionalEncodingConfig(LayerConfig):
    """Waves that tell steps apart: ``y[t] = x[t] + p[t]``, ``(time, features)`` unchanged.

    ``p[t, 2i] = sin(t / base ** (2i / features))`` and ``p[t, 2i + 1] = cos`` of the same, for
    steps from ``t = 0``. Sine and cosine take turns, as in the paper; its first code,
    tensor2tensor, has all sines first. Nothing is learned. The paper multiplies embeddings by
    ``sqrt(features)`` before.

    Attributes
    ----------
    base
        Above 0; wavelengths go from ``2 pi`` to ``base`` times that.

    References
    ----------
    Vaswani et al. (2017), Attention is all you need, section 3.5.
    """

    type: Literal["positional_encoding"] = "positional_encoding"
    base: Annotated[float, Gt(0)] = 10_000.0

    def plan(self, x: Shape) -> LayerPlan:
        """Return the shape unchanged."""
        sequence("positional_encoding", x)
        return LayerPlan(x)


@final
class PositionalEncoding(Layer[PositionalEncodingConfig]):
    """See `PositionalEncodingConfig`."""

    def __init__(self, config: PositionalEncodingConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        time, features = context.input_shape
        self._waves: Array = waves(time, features, config.base).astype(context.dtype)
        self._y = context.buffer(context.output_shape)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Add the waves."""
        return np.add(x, self._waves, out=self._y[: len(x)])

    def backward(self, dy: Array) -> Array | None:
        """Return ``dy`` itself."""
        return None if self.context.input_grad is None else dy


def waves(time: int, features: int, base: float) -> Array:
    """Return ``p`` of `PositionalEncodingConfig`, ``(time, features)``, in float64."""
    columns = np.arange(features)
    rates: Array = base ** (-(columns - columns % 2) / features)
    p: Array = np.arange(time)[:, np.newaxis] * rates
    p[:, ::2] = np.sin(p[:, ::2])
    p[:, 1::2] = np.cos(p[:, 1::2])
    return p
