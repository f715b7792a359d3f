"""Multi-head self-attention."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Ge, Gt, Lt
from pydantic import Field

from layerkit.plugin import (
    INITIALIZERS,
    AnyInitializer,
    Array,
    Fan,
    Layer,
    LayerConfig,
    LayerContext,
    LayerPlan,
    LayerTraits,
    ParameterPlan,
    Shape,
    ShapeError,
    default,
)
from layerkit_sequence.scaled_dot_product import (
    Heads,
    ScaledDotProduct,
    fitting_heads,
    heads_of,
    split_heads,
)
from layerkit_sequence.steps import rows, sequence


class MultiHeadAttentionConfig(LayerConfig):
    """Multi-head self-attention over steps, ``(time, features)`` unchanged.

    ``q, k, v = split(x @ weight + bias)``; for every head, with its part of each,
    ``softmax(q @ k.T / sqrt(head_units)) @ v``; of all heads side by side, times ``output_weight``,
    plus ``output_bias``.

    ``weight`` ``(features, 3 * heads * head_units)`` holds queries, keys and values in this order,
    each head by head; it is the transpose of PyTorch's ``in_proj_weight``, as ``output_weight``
    ``(heads * head_units, features)`` is that of ``out_proj.weight``. Keras has a kernel for each.

    Steps that the mask says are padding are not attended to: PyTorch's ``key_padding_mask``. Their
    own outputs are computed like all others, as in PyTorch, and no loss for every step counts them;
    in Keras, padding attends to everything. Where nothing is left to attend to, ``output_bias`` is
    put out, where PyTorch has nan.

    Attributes
    ----------
    heads
        How many attend side by side, from 1 to 1024. PyTorch: ``num_heads``.
    head_units
        Size of the queries, keys and values of a head. By default ``features / heads``, which must
        divide them then. Keras: ``key_dim``.
    causal
        Whether a step attends to itself and the steps before it alone. PyTorch calls it
        ``is_causal``, Keras ``use_causal_mask``.
    dropout
        The fraction of attention weights set to 0 in training, from 0 to below 1, rounded to the
        nearest 1/256.
    bias
        Whether to add ``bias`` and ``output_bias``.
    weight_initializer, bias_initializer
        What fills the two weights and the two biases; by default ``xavier_uniform``, each of
        queries, keys and values by its own connections, as in Keras, and ``zeros``. PyTorch takes
        all three as one matrix.

    References
    ----------
    Vaswani et al. (2017), Attention is all you need, section 3.2.2.
    """

    type: Literal["multi_head_attention"] = "multi_head_attention"
    heads: Annotated[Heads, Field(examples=[2])]
    head_units: Annotated[int, Gt(0)] | None = None
    causal: bool = False
    dropout: Annotated[float, Ge(0), Lt(1)] = 0.0
    bias: bool = True
    weight_initializer: AnyInitializer = default(INITIALIZERS, "xavier_uniform")
    bias_initializer: AnyInitializer = default(INITIALIZERS, "zeros")

    def plan(self, x: Shape) -> LayerPlan:
        """Plan both products with weights, and those of all pairs of steps."""
        time, features = sequence(self.display_name, x)
        width = self.heads * self.head_size(x)
        inward, outward = Fan(features, width), Fan(width, features)
        weight, bias = self.weight_initializer, self.bias_initializer
        params = {
            "weight": ParameterPlan((features, 3 * width), weight, inward),
            "output_weight": ParameterPlan((width, features), weight, outward),
        }
        if self.bias:
            params["bias"] = ParameterPlan((3 * width,), bias, inward, decay=False)
            params["output_bias"] = ParameterPlan((features,), bias, outward, decay=False)
        products = time * width * (4 * features + 2 * time)
        workspace = 8 * time * width + ScaledDotProduct.values(time, self.heads, self.dropout)
        return LayerPlan(x, params, products=products, workspace=workspace)

    def traits(self) -> LayerTraits:
        """Return that dropout changes the weights at random, if there is any."""
        return LayerTraits(adds_noise=self.dropout > 0)

    def head_size(self, x: Shape) -> int:
        """Return `head_units`, or what it is by default for an input shape ``(time, features)``.

        Raises
        ------
        ShapeError
            If there is no default, as heads do not divide the features.
        """
        if self.head_units is not None:
            return self.head_units
        fitting = fitting_heads(x[1], self.heads)
        if fitting != self.heads:
            raise ShapeError(
                f"{self.display_name} expects features that {self.heads} heads divide; found {x}",
                ("heads",),
                f"choose heads = {fitting}, or set head_units",
            )
        return x[1] // self.heads


@final
class MultiHeadAttention(Layer[MultiHeadAttentionConfig]):
    """See `MultiHeadAttentionConfig`."""

    def __init__(self, config: MultiHeadAttentionConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        time, size = context.input_shape[0], config.head_size(context.input_shape)
        width = config.heads * size
        self._weight = context.params["weight"]
        self._output_weight = context.params["output_weight"]
        self._bias = context.params.get("bias")
        self._output_bias = context.params.get("output_bias")
        self._core = ScaledDotProduct(
            context,
            time=time,
            heads=config.heads,
            size=size,
            causal=config.causal,
            dropout=config.dropout,
        )
        self._projected = context.buffer((time, 3 * width))
        self._attended = context.buffer((time, width))
        self._y = context.buffer(context.output_shape)
        self._x = self._y
        self._d_projected = context.training_buffer((time, 3 * width))
        self._d_attended = context.training_buffer((time, width))
        self._ones = np.ones(context.capacity * time if context.trains else 0, context.dtype)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Make queries, keys and values, weigh the values, and put the heads together."""
        self._x = x
        n, heads = len(x), self.config.heads
        projected, attended, y = self._projected[:n], self._attended[:n], self._y[:n]
        np.matmul(rows(x), self._weight.value, out=rows(projected))
        if self._bias is not None:
            np.add(projected, self._bias.value, out=projected)
        q, k, v = split_heads(projected, heads)
        self._core.forward(q, k, v, heads_of(attended, heads), training=training)
        np.matmul(rows(attended), self._output_weight.value, out=rows(y))
        if self._output_bias is not None:
            np.add(y, self._output_bias.value, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Go back through the second product, the attention and the first product."""
        n, heads = len(dy), self.config.heads
        projected, attended = self._projected[:n], self._attended[:n]
        d_projected, d_attended = self._d_projected[:n], self._d_attended[:n]
        ones = self._ones[: n * dy.shape[1]]
        np.matmul(rows(attended).T, rows(dy), out=self._output_weight.grad)
        np.matmul(rows(dy), self._output_weight.value.T, out=rows(d_attended))
        q, k, v = split_heads(projected, heads)
        dq, dk, dv = split_heads(d_projected, heads)
        self._core.backward(heads_of(d_attended, heads), q, k, v, dq, dk, dv)
        np.matmul(rows(self._x).T, rows(d_projected), out=self._weight.grad)
        if self._bias is not None and self._output_bias is not None:
            np.matmul(ones, rows(dy), out=self._output_bias.grad)
            np.matmul(ones, rows(d_projected), out=self._bias.grad)
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[:n]
        np.matmul(rows(d_projected), self._weight.value.T, out=rows(dx))
        return dx
