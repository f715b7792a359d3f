"""Attention, positions and the transformer block, as PyTorch has them."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import nn

from layerkit.arrays import Array
from layerkit.contracts.layer import Layer, LayerConfig
from tests.parity import one_layer
from tests.parity.one_layer import BATCH, DTYPES, assert_close, draw, draw_gradient

TIME, FEATURES, HEADS = 7, 12, 3
LENGTHS = np.array([7, 1, 4, 6, 2, 5])
COUNTS = np.arange(TIME) < LENGTHS[:, np.newaxis]
PADDING = torch.from_numpy(~COUNTS)
LATER = torch.triu(torch.ones(TIME, TIME, dtype=torch.bool), 1)


def build(
    table: dict[str, object] | str, dtype: str, *, padded: bool, features: int = FEATURES
) -> Layer[LayerConfig]:
    mask = COUNTS.astype(dtype) if padded else None
    return one_layer.build(table, (TIME, features), dtype, mask)


def copy(parameter: torch.Tensor, value: Array) -> None:
    with torch.no_grad():
        parameter.copy_(torch.from_numpy(np.ascontiguousarray(value)))


@DTYPES
@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("heads", [1, HEADS])
def test_attention(heads: int, causal: bool, padded: bool, dtype: str) -> None:
    table = {"type": "attention", "heads": heads, "causal": causal}
    layer = build(table, dtype, padded=padded, features=3 * FEATURES)
    x, dy = (
        draw(dtype, BATCH, TIME, 3 * FEATURES),
        draw_gradient(dtype, BATCH, TIME, FEATURES),
    )
    inputs = torch.tensor(x, requires_grad=True)
    q, k, v = (
        part.reshape(BATCH, TIME, heads, FEATURES // heads).transpose(1, 2)
        for part in inputs.split(FEATURES, dim=-1)
    )
    attends = torch.ones(BATCH, 1, TIME, TIME, dtype=torch.bool)
    if padded:
        attends = attends & ~PADDING[:, None, None]
    if causal:
        attends = attends & ~LATER
    attended = nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=attends)
    outputs = attended.transpose(1, 2).reshape(BATCH, TIME, FEATURES)
    outputs.backward(torch.from_numpy(dy))
    assert_close(layer.forward(x, training=True), outputs)
    assert_close(layer.backward(dy.copy()), inputs.grad)


NAMES = {
    "in_proj_weight": "weight",
    "in_proj_bias": "bias",
    "out_proj.weight": "output_weight",
    "out_proj.bias": "output_bias",
}


@DTYPES
@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("bias", [False, True])
def test_multi_head_attention(bias: bool, causal: bool, padded: bool, dtype: str) -> None:
    table = {"type": "multi_head_attention", "heads": HEADS, "causal": causal, "bias": bias}
    layer = build(table, dtype, padded=padded)
    params = layer.context.params
    module = nn.MultiheadAttention(FEATURES, HEADS, bias=bias, batch_first=True)
    module = module.double() if dtype == "float64" else module
    for name, parameter in module.named_parameters():
        copy(parameter, params[NAMES[name]].value.T)
    x, dy = draw(dtype, BATCH, TIME, FEATURES), draw_gradient(dtype, BATCH, TIME, FEATURES)
    inputs = torch.tensor(x, requires_grad=True)
    outputs, _ = module(
        inputs,
        inputs,
        inputs,
        key_padding_mask=PADDING if padded else None,
        attn_mask=LATER if causal else None,
    )
    outputs.backward(torch.from_numpy(dy))
    assert_close(layer.forward(x, training=True), outputs)
    assert_close(layer.backward(dy.copy()), inputs.grad)
    for name, parameter in module.named_parameters():
        assert_close(params[NAMES[name]].grad.T, parameter.grad)


@DTYPES
@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("activation", ["gelu", "relu"])
@pytest.mark.parametrize("norm", ["pre", "post"])
def test_transformer_block(
    norm: str, activation: str, causal: bool, padded: bool, dtype: str
) -> None:
    table = {
        "type": "transformer_block",
        "heads": HEADS,
        "feed_forward_units": 10,
        "norm": norm,
        "activation": activation,
        "causal": causal,
        "dropout": 0.0,
    }
    layer = build(table, dtype, padded=padded)
    params = layer.context.memory.params
    module = nn.TransformerEncoderLayer(
        FEATURES,
        HEADS,
        10,
        dropout=0.0,
        activation=activation,
        batch_first=True,
        norm_first=norm == "pre",
    )
    module = module.double() if dtype == "float64" else module
    norms = {
        "pre": ("attention.layer_norm_1", "feed_forward.layer_norm_1"),
        "post": ("attention_norm", "feed_forward_norm"),
    }[norm]
    attention = "attention.multi_head_attention_1"
    names = {f"self_attn.{theirs}": f"{attention}.{ours}" for theirs, ours in NAMES.items()}
    for number, name in enumerate(norms, 1):
        names[f"norm{number}.weight"] = f"{name}.scale"
        names[f"norm{number}.bias"] = f"{name}.shift"
        for each in ("weight", "bias"):
            names[f"linear{number}.{each}"] = f"feed_forward.dense_{number}.{each}"
    for name, parameter in module.named_parameters():
        copy(parameter, params[f"layer.{names[name]}"].value.T)
    x, dy = draw(dtype, BATCH, TIME, FEATURES), draw_gradient(dtype, BATCH, TIME, FEATURES)
    inputs = torch.tensor(x, requires_grad=True)
    outputs = module(
        inputs,
        src_mask=LATER if causal else None,
        src_key_padding_mask=PADDING if padded else None,
    )
    outputs.backward(torch.from_numpy(dy))
    assert_close(layer.forward(x, training=True), outputs)
    assert_close(layer.backward(dy.copy()), inputs.grad)
    for name, parameter in module.named_parameters():
        assert_close(params[f"layer.{names[name]}"].grad.T, parameter.grad)


@DTYPES
def test_positional_embedding_is_an_embedding_of_the_numbers_of_steps(dtype: str) -> None:
    layer = build("positional_embedding", dtype, padded=False)
    weight = layer.context.params["weight"]
    module = nn.Embedding(TIME, FEATURES, dtype=torch.from_numpy(weight.value).dtype)
    copy(module.weight, weight.value)
    x, dy = draw(dtype, BATCH, TIME, FEATURES), draw_gradient(dtype, BATCH, TIME, FEATURES)
    inputs = torch.tensor(x, requires_grad=True)
    outputs = inputs + module(torch.arange(TIME))
    outputs.backward(torch.from_numpy(dy))
    assert_close(layer.forward(x, training=True), outputs)
    assert_close(layer.backward(dy.copy()), inputs.grad)
    assert_close(weight.grad, module.weight.grad)


@DTYPES
def test_positional_encoding_is_that_of_the_paper(dtype: str) -> None:
    """PyTorch has no such layer; its tutorials write it out like this."""
    layer = build("positional_encoding", dtype, padded=False)
    position = torch.arange(TIME, dtype=torch.float64)[:, None]
    rates = torch.exp(
        torch.arange(0, FEATURES, 2, dtype=torch.float64) * (-math.log(10_000.0) / FEATURES)
    )
    waves = torch.zeros(TIME, FEATURES, dtype=torch.float64)
    waves[:, 0::2] = torch.sin(position * rates)
    waves[:, 1::2] = torch.cos(position * rates)
    x = draw(dtype, BATCH, TIME, FEATURES)
    one_layer.compare_step(layer, lambda inputs, _: inputs + waves.to(inputs.dtype), x)
