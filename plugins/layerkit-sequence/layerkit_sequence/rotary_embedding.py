"""Rotary positions."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt

from layerkit.plugin import Array, Layer, LayerConfig, LayerContext, LayerPlan, Shape, ShapeError
from layerkit_sequence.scaled_dot_product import Heads
from layerkit_sequence.steps import sequence


class RotaryEmbeddingConfig(LayerConfig):
    """Queries and keys turned by angles that grow with the step; ``(time, 3 * units)`` unchanged.

    Pair ``i`` of the features of a head, ``(a, b)``, becomes
    ``(a * cos(t * w) - b * sin(t * w), a * sin(t * w) + b * cos(t * w))`` at step ``t`` from 0,
    where ``w = base ** (-2i / d)`` and ``d = units / heads``. So the product of a query and a key
    depends on their contents and on how many steps lie between them, not on where they are.

    It stands between a dense layer and ``attention`` with as many heads. The features are those of
    ``attention``: queries of all heads, keys, values; values stay as they are. Nothing is learned.

    Attributes
    ----------
    heads
        As many as ``attention`` has, from 1 to 1024. Units must be a multiple of twice that.
    base
        Above 0; pair ``i`` turns once in ``2 pi * base ** (2i / d)`` steps.

    Notes
    -----
    Pairs are features side by side, ``2i`` and ``2i + 1``, as in the paper and in GPT-J; GPT-NeoX
    pairs feature ``i`` with ``i + d / 2``. ONNX's ``RotaryEmbedding`` has both, this one as
    ``interleaved``. PyTorch and Keras have none.

    References
    ----------
    Su, Lu, Pan, Murtadha, Wen, Liu (2021), RoFormer: enhanced transformer with rotary position
    embedding, section 3.4.2.
    """

    type: Literal["rotary_embedding"] = "rotary_embedding"
    heads: Heads = 1
    base: Annotated[float, Gt(0)] = 10_000.0

    def plan(self, x: Shape) -> LayerPlan:
        """Return the shape unchanged."""
        _, features = sequence("rotary_embedding", x)
        multiple = 6 * self.heads
        if features % multiple:
            of_heads = f" of {self.heads} heads" if self.heads > 1 else ""
            nearest = max(round(features / multiple), 1) * multiple
            raise ShapeError(
                f"rotary_embedding expects queries, keys and values{of_heads} side by side, each "
                f"in pairs, so features in multiples of {multiple}; found {x}",
                ("heads",) if self.heads > 1 and features % 6 == 0 else (),
                f"put a dense layer with units = {nearest} before it",
            )
        return LayerPlan(x)


@final
class RotaryEmbedding(Layer[RotaryEmbeddingConfig]):
    """See `RotaryEmbeddingConfig`."""

    def __init__(self, config: RotaryEmbeddingConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        time, features = context.input_shape
        self._pairs = features // (6 * config.heads)
        turned = angles(time, self._pairs, config.base)[:, np.newaxis, np.newaxis]
        self._cos: Array = np.cos(turned).astype(context.dtype)
        self._sin: Array = np.sin(turned).astype(context.dtype)
        self._sin_back: Array = -self._sin
        self._y = context.buffer(context.output_shape)
        self._part = context.buffer((time, 2, config.heads, self._pairs))

    def forward(self, x: Array, *, training: bool) -> Array:
        """Turn queries and keys."""
        y = self._y[: len(x)]
        self._turn(x, y, self._sin)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Turn their gradients back."""
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[: len(dy)]
        self._turn(dy, dx, self._sin_back)
        return dx

    def _turn(self, x: Array, out: Array, sin: Array) -> None:
        """Write ``x`` into ``out``, with queries and keys turned by the angles with that sine."""
        n, time, _ = x.shape
        shape = (n, time, 3, self.config.heads, self._pairs, 2)
        values, turned, part = x.reshape(shape), out.reshape(shape), self._part[:n]
        np.copyto(turned[:, :, 2], values[:, :, 2])
        a, b = values[:, :, :2, :, :, 0], values[:, :, :2, :, :, 1]
        to_a, to_b = turned[:, :, :2, :, :, 0], turned[:, :, :2, :, :, 1]
        np.multiply(b, sin, out=part)
        np.multiply(a, self._cos, out=to_a)
        np.subtract(to_a, part, out=to_a)
        np.multiply(a, sin, out=part)
        np.multiply(b, self._cos, out=to_b)
        np.add(to_b, part, out=to_b)


def angles(time: int, pairs: int, base: float) -> Array:
    """Return the angle of every step and pair, ``(time, pairs)``, in float64."""
    rates: Array = base ** (-np.arange(pairs) / pairs)
    found: Array = np.arange(time)[:, np.newaxis] * rates
    return found
