"""Rotary positions before attention, written out in PyTorch as the paper has them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from layerkit.arrays import Array
from layerkit.contracts.layer import LAYERS, Layer, LayerConfig
from layerkit.randomness import generator
from layerkit.testing.build import build_layer
from layerkit.testing.configs import config_of

N, TIME, UNITS = 4, 6, 12
TOLERANCES = {"float64": 1e-12, "float32": 1e-5}


def build(table: dict[str, object], dtype: str) -> Layer[LayerConfig]:
    return build_layer(
        config_of(LAYERS, table),
        input_shape=(TIME, 3 * UNITS),
        batch_size=N,
        dtype=np.dtype(np.float64) if dtype == "float64" else np.dtype(np.float32),
    )


def draw(dtype: str, *shape: int) -> Array:
    return generator(0, "parity", str(shape)).normal(size=shape).astype(dtype)


def turned(x: torch.Tensor, base: float) -> torch.Tensor:
    """Return queries or keys, ``(n, time, heads, size)``, with pairs as complex numbers turned."""
    size = x.shape[-1]
    rates = base ** (-torch.arange(0, size, 2, dtype=x.dtype) / size)
    angles = torch.arange(TIME, dtype=x.dtype)[:, None] * rates
    factors = torch.polar(torch.ones_like(angles), angles)[:, None]
    pairs = torch.view_as_complex(x.reshape(*x.shape[:-1], size // 2, 2))
    return torch.view_as_real(pairs * factors).flatten(-2)


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize(("heads", "base"), [(1, 10_000.0), (2, 10_000.0), (3, 50.0)])
def test_rotary_embedding_and_attention(heads: int, base: float, dtype: str) -> None:
    rotary = build({"type": "rotary_embedding", "heads": heads, "base": base}, dtype)
    attention = build({"type": "attention", "heads": heads, "causal": True}, dtype)
    x, dy = draw(dtype, N, TIME, 3 * UNITS), draw(dtype, N, TIME, UNITS)
    inputs = torch.tensor(x, requires_grad=True)
    q, k, v = (part.reshape(N, TIME, heads, -1) for part in inputs.split(UNITS, dim=-1))
    parts = (turned(q, base), turned(k, base), v)
    attended = nn.functional.scaled_dot_product_attention(
        *(part.transpose(1, 2) for part in parts), is_causal=True
    )
    outputs = attended.transpose(1, 2).reshape(N, TIME, UNITS)
    outputs.backward(torch.from_numpy(dy))
    y = attention.forward(rotary.forward(x, training=True), training=True)
    middle = attention.backward(dy.copy())
    assert middle is not None
    dx = rotary.backward(middle)
    assert dx is not None
    assert inputs.grad is not None
    tolerance = TOLERANCES[dtype]
    np.testing.assert_allclose(y, outputs.detach().numpy(), rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(dx, inputs.grad.numpy(), rtol=tolerance, atol=tolerance)
