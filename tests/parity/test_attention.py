"""Attention, positions and the transformer block, as PyTorch has them."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import nn

from layerkit.arrays import Array
from layerkit.contracts.layer import LAYERS, Layer, LayerConfig
from layerkit.randomness import generator
from layerkit.testing.build import build_layer
from layerkit.testing.configs import config_of

N, TIME, FEATURES, HEADS = 5, 7, 12, 3
LENGTHS = np.array([7, 1, 4, 6, 2])
COUNTS = np.arange(TIME) < LENGTHS[:, np.newaxis]
PADDING = torch.from_numpy(~COUNTS)
LATER = torch.triu(torch.ones(TIME, TIME, dtype=torch.bool), 1)
TOLERANCES = {"float64": 1e-12, "float32": 1e-5}


def close(found: Array | None, expected: torch.Tensor | None, tolerance: float) -> None:
    assert found is not None
    assert expected is not None
    numbers = expected.detach().numpy()
    least = tolerance * max(1.0, float(np.abs(numbers).max()))
    np.testing.assert_allclose(found, numbers, rtol=tolerance, atol=least)


def build(
    table: dict[str, object] | str, dtype: str, *, padded: bool, features: int = FEATURES
) -> Layer[LayerConfig]:
    return build_layer(
        config_of(LAYERS, table),
        input_shape=(TIME, features),
        batch_size=N,
        dtype=np.dtype(np.float64) if dtype == "float64" else np.dtype(np.float32),
        mask=COUNTS.astype(dtype) if padded else None,
    )


def draw(dtype: str, *shape: int) -> Array:
    return generator(0, "parity", str(shape)).normal(size=shape).astype(dtype)


def copy(parameter: torch.Tensor, value: Array) -> None:
    with torch.no_grad():
        parameter.copy_(torch.from_numpy(np.ascontiguousarray(value)))


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("heads", [1, HEADS])
def test_attention(heads: int, causal: bool, padded: bool, dtype: str) -> None:
    tolerance = TOLERANCES[dtype]
    table = {"type": "attention", "heads": heads, "causal": causal}
    layer = build(table, dtype, padded=padded, features=3 * FEATURES)
    x, dy = draw(dtype, N, TIME, 3 * FEATURES), draw(dtype, N, TIME, FEATURES)
    inputs = torch.tensor(x, requires_grad=True)
    q, k, v = (
        part.reshape(N, TIME, heads, FEATURES // heads).transpose(1, 2)
        for part in inputs.split(FEATURES, dim=-1)
    )
    attends = torch.ones(N, 1, TIME, TIME, dtype=torch.bool)
    if padded:
        attends = attends & ~PADDING[:, None, None]
    if causal:
        attends = attends & ~LATER
    attended = nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=attends)
    outputs = attended.transpose(1, 2).reshape(N, TIME, FEATURES)
    outputs.backward(torch.from_numpy(dy))
    close(layer.forward(x, training=True), outputs, tolerance)
    close(layer.backward(dy.copy()), inputs.grad, tolerance)


NAMES = {
    "in_proj_weight": "weight",
    "in_proj_bias": "bias",
    "out_proj.weight": "output_weight",
    "out_proj.bias": "output_bias",
}


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("bias", [False, True])
def test_multi_head_attention(bias: bool, causal: bool, padded: bool, dtype: str) -> None:
    tolerance = TOLERANCES[dtype]
    table = {"type": "multi_head_attention", "heads": HEADS, "causal": causal, "bias": bias}
    layer = build(table, dtype, padded=padded)
    params = layer.context.params
    module = nn.MultiheadAttention(FEATURES, HEADS, bias=bias, batch_first=True)
    module = module.double() if dtype == "float64" else module
    for name, parameter in module.named_parameters():
        copy(parameter, params[NAMES[name]].value.T)
    x, dy = draw(dtype, N, TIME, FEATURES), draw(dtype, N, TIME, FEATURES)
    inputs = torch.tensor(x, requires_grad=True)
    outputs, _ = module(
        inputs,
        inputs,
        inputs,
        key_padding_mask=PADDING if padded else None,
        attn_mask=LATER if causal else None,
    )
    outputs.backward(torch.from_numpy(dy))
    close(layer.forward(x, training=True), outputs, tolerance)
    close(layer.backward(dy.copy()), inputs.grad, tolerance)
    for name, parameter in module.named_parameters():
        close(params[NAMES[name]].grad.T, parameter.grad, tolerance)


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("activation", ["gelu", "relu"])
@pytest.mark.parametrize("norm", ["pre", "post"])
def test_transformer_block(
    norm: str, activation: str, causal: bool, padded: bool, dtype: str
) -> None:
    tolerance = TOLERANCES[dtype]
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
    x, dy = draw(dtype, N, TIME, FEATURES), draw(dtype, N, TIME, FEATURES)
    inputs = torch.tensor(x, requires_grad=True)
    outputs = module(
        inputs,
        src_mask=LATER if causal else None,
        src_key_padding_mask=PADDING if padded else None,
    )
    outputs.backward(torch.from_numpy(dy))
    close(layer.forward(x, training=True), outputs, tolerance)
    close(layer.backward(dy.copy()), inputs.grad, tolerance)
    for name, parameter in module.named_parameters():
        close(params[f"layer.{names[name]}"].grad.T, parameter.grad, tolerance)


@pytest.mark.parametrize("dtype", TOLERANCES)
def test_positional_embedding_is_an_embedding_of_the_numbers_of_steps(dtype: str) -> None:
    tolerance = TOLERANCES[dtype]
    layer = build("positional_embedding", dtype, padded=False)
    weight = layer.context.params["weight"]
    module = nn.Embedding(TIME, FEATURES, dtype=torch.from_numpy(weight.value).dtype)
    copy(module.weight, weight.value)
    x, dy = draw(dtype, N, TIME, FEATURES), draw(dtype, N, TIME, FEATURES)
    inputs = torch.tensor(x, requires_grad=True)
    outputs = inputs + module(torch.arange(TIME))
    outputs.backward(torch.from_numpy(dy))
    close(layer.forward(x, training=True), outputs, tolerance)
    close(layer.backward(dy.copy()), inputs.grad, tolerance)
    close(weight.grad, module.weight.grad, tolerance)


@pytest.mark.parametrize("dtype", TOLERANCES)
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
    x = draw(dtype, N, TIME, FEATURES)
    expected = torch.from_numpy(x.astype(np.float64)) + waves
    close(layer.forward(x, training=True), expected, TOLERANCES[dtype])
