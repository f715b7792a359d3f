"""Transformer block."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, final

from annotated_types import Ge, Gt, Lt
from pydantic import Field

from layerkit.layers import Dense, Dropout, LayerNorm, Residual
from layerkit.plugin import (
    LAYERS,
    AnyLayer,
    Array,
    Chain,
    Composite,
    LayerConfig,
    LayerContext,
    LayerPlan,
    LayerTraits,
    Shape,
    ShapeError,
    default,
    plan_chain,
)
from layerkit_sequence.multi_head_attention import MultiHeadAttentionConfig
from layerkit_sequence.scaled_dot_product import Heads, fitting_heads
from layerkit_sequence.steps import sequence


class TransformerBlockConfig(LayerConfig):
    """Self-attention, then two dense layers at every step; ``(time, features)`` unchanged.

    With ``norm = "pre"``: ``h = x + attend(norm(x))`` and ``y = h + feed(norm(h))``; with
    ``"post"``: ``h = norm(x + attend(x))`` and ``y = norm(h + feed(h))``. Here ``attend`` is
    ``multi_head_attention``, ``feed(h)`` is ``dense(activation(dense(h)))``, and every ``norm`` is
    a ``layer_norm`` of its own. In training, ``dropout`` works on what ``attend`` and ``feed`` put
    out.

    It is made of these layers; their parameters are called ``attention.layer_norm_1.scale``,
    ``attention.multi_head_attention_1.weight``, ``feed_forward.dense_1.weight`` and so on below the
    block, or with ``"post"`` ``attention_norm.scale`` and ``feed_forward_norm.scale``. Several
    blocks are ``sequential`` with ``repeat``; after blocks with ``norm = "pre"``, put one more
    ``layer_norm``.

    Padding is left out as in ``multi_head_attention``.

    Attributes
    ----------
    heads
        Of the attention, from 1 to 1024; they must divide the features. PyTorch: ``nhead``.
    feed_forward_units
        Units of the first dense layer; by default 4 times the features. PyTorch:
        ``dim_feedforward``.
    causal
        Whether a step attends to itself and the steps before it alone.
    activation
        The layer between the two dense ones, ``gelu`` by default, as in GPT and BERT; it must keep
        the shape. The paper and PyTorch have relu by default.
    norm
        ``"pre"`` or ``"post"``. The paper and PyTorch (``norm_first``) have post by default, which
        needs a warm-up of the learning rate.
    dropout
        The fraction dropped, from 0 to below 1. PyTorch drops as many after the activation and of
        the attention weights as well.
    attention_dropout
        The fraction of attention weights dropped, from 0 to below 1.

    References
    ----------
    Vaswani et al. (2017), Attention is all you need, sections 3.1, 3.3 and 5.4.
    Xiong et al. (2020), On layer normalization in the transformer architecture (pre and post).
    """

    type: Literal["transformer_block"] = "transformer_block"
    heads: Annotated[Heads, Field(examples=[2])]
    feed_forward_units: Annotated[int, Gt(0)] | None = None
    causal: bool = False
    activation: AnyLayer = default(LAYERS, "gelu")
    norm: Literal["pre", "post"] = "pre"
    dropout: Annotated[float, Ge(0), Lt(1)] = 0.1
    attention_dropout: Annotated[float, Ge(0), Lt(1)] = 0.0

    def plan(self, x: Shape) -> LayerPlan:
        """Plan the layers that the block is made of."""
        time, features = sequence("transformer_block", x)
        fitting = fitting_heads(features, self.heads)
        if fitting != self.heads:
            raise ShapeError(
                f"transformer_block expects features that {self.heads} heads divide; found {x}",
                ("heads",),
                f"choose heads = {fitting}",
            )
        units = self.feed_forward_units or 4 * features
        hidden = (time, units)
        found = plan_chain([self.activation], hidden, places=[("activation",)]).output
        if found != hidden:
            raise ShapeError(
                f"transformer_block expects an activation that keeps the shape {hidden}; found "
                f"{found}",
                ("activation",),
            )
        feed_forward = (Dense(units=units), self.activation, Dense(units=features))
        return plan_chain(
            (
                *self._around("attention", self._attention()),
                *self._around("feed_forward", *feed_forward),
            ),
            x,
        )

    def traits(self) -> LayerTraits:
        """Return that a norm at the end makes outputs of about one size."""
        return LayerTraits(rescales=self.norm == "post")

    def _attention(self) -> MultiHeadAttentionConfig:
        return MultiHeadAttentionConfig(
            heads=self.heads, causal=self.causal, dropout=self.attention_dropout
        )

    def _around(self, name: str, *layers: LayerConfig) -> tuple[LayerConfig, ...]:
        """Return layers with a norm, dropout and their input added."""
        if self.dropout > 0:
            layers = (*layers, Dropout(rate=self.dropout))
        if self.norm == "pre":
            return (Residual(name=name, layers=(LayerNorm(), *layers)),)
        return (Residual(name=name, layers=layers), LayerNorm(name=f"{name}_norm"))


@final
class TransformerBlock(Composite[TransformerBlockConfig]):
    """See `TransformerBlockConfig`."""

    def __init__(self, config: TransformerBlockConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._chain = Chain(context, context.plan.layers, context.input_grad, context.mask)
        self.chains: Sequence[Chain] = (self._chain,)

    @property
    def mask(self) -> Array | None:
        """That of the input."""
        return self._chain.mask

    def forward(self, x: Array, *, training: bool) -> Array:
        """Run the layers in their order."""
        return self._chain.forward(x, training=training)

    def backward(self, dy: Array) -> Array | None:
        """Run the layers backward, the last one first."""
        return self._chain.backward(dy)
