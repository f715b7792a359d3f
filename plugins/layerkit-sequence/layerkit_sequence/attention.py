"""Scaled dot-product attention."""

from __future__ import annotations

from typing import Literal, final

from layerkit.plugin import Array, Layer, LayerConfig, LayerContext, LayerPlan, Shape, ShapeError
from layerkit_sequence.scaled_dot_product import Heads, ScaledDotProduct, heads_of, split_heads
from layerkit_sequence.steps import sequence


class AttentionConfig(LayerConfig):
    """Scaled dot-product attention over steps, ``(time, 3 * units) -> (time, units)``.

    ``y = softmax(q @ k.T / sqrt(d)) @ v``.

    The first third of the features are the queries ``q``, the second the keys ``k``, the last the
    values ``v``: a dense layer before makes them. It has no parameters; ``multi_head_attention``
    is this between two dense layers. ``d`` is ``units / heads``, the size of a head.

    Steps that the mask says are padding are not attended to. Their own outputs are computed like
    all others, as in PyTorch, and no loss for every step counts them. Where nothing is left to
    attend to, the output is 0, where PyTorch's is nan.

    Attributes
    ----------
    heads
        Into how many parts queries, keys and values are cut, each with weights of its own; from 1
        to 1024. Units must be a multiple of it.
    causal
        Whether a step attends to itself and the steps before it alone. PyTorch calls it
        ``is_causal``, Keras ``use_causal_mask``.

    Notes
    -----
    PyTorch's ``scaled_dot_product_attention`` divides by ``sqrt(d)`` as well; Keras's ``Attention``
    does not, ``MultiHeadAttention`` does.

    References
    ----------
    Vaswani et al. (2017), Attention is all you need, section 3.2.1.
    """

    type: Literal["attention"] = "attention"
    heads: Heads = 1
    causal: bool = False

    def plan(self, x: Shape) -> LayerPlan:
        """Plan a third of the features, and the two products for all pairs of steps."""
        time, features = sequence("attention", x)
        if features % (3 * self.heads):
            of_heads = f" of {self.heads} heads" if self.heads > 1 else ""
            multiple = 3 * self.heads
            nearest = max(round(features / multiple), 1) * multiple
            raise ShapeError(
                f"attention expects queries, keys and values{of_heads} side by side, so features "
                f"in multiples of {multiple}; found {x}",
                ("heads",) if self.heads > 1 and features % 3 == 0 else (),
                f"put a dense layer with units = {nearest} before it",
            )
        units = features // 3
        workspace = ScaledDotProduct.values(time, self.heads)
        return LayerPlan((time, units), products=2 * time * time * units, workspace=workspace)


@final
class Attention(Layer[AttentionConfig]):
    """See `AttentionConfig`."""

    def __init__(self, config: AttentionConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        time, units = context.output_shape
        self._core = ScaledDotProduct(
            context,
            time=time,
            heads=config.heads,
            size=units // config.heads,
            causal=config.causal,
        )
        self._y = context.buffer(context.output_shape)
        self._x = self._y

    def forward(self, x: Array, *, training: bool) -> Array:
        """Weigh the values."""
        self._x = x
        y, heads = self._y[: len(x)], self.config.heads
        q, k, v = split_heads(x, heads)
        self._core.forward(q, k, v, heads_of(y, heads), training=training)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Write the gradients with respect to queries, keys and values side by side."""
        if self.context.input_grad is None:
            return None
        dx, heads = self.context.input_grad[: len(dy)], self.config.heads
        q, k, v = split_heads(self._x, heads)
        dq, dk, dv = split_heads(dx, heads)
        self._core.backward(heads_of(dy, heads), q, k, v, dq, dk, dv)
        return dx
