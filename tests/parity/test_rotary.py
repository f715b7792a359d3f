"""Rotary positions before attention, written out in PyTorch as the paper has them."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from tests.parity.one_layer import BATCH, DTYPES, Tensors, build, compare_step, draw

TIME, UNITS = 6, 12


def turned(x: torch.Tensor, base: float) -> torch.Tensor:
    """Return queries or keys, ``(n, time, heads, size)``, with pairs as complex numbers turned."""
    size = x.shape[-1]
    rates = base ** (-torch.arange(0, size, 2, dtype=x.dtype) / size)
    angles = torch.arange(TIME, dtype=x.dtype)[:, None] * rates
    factors = torch.polar(torch.ones_like(angles), angles)[:, None]
    pairs = torch.view_as_complex(x.reshape(*x.shape[:-1], size // 2, 2))
    return torch.view_as_real(pairs * factors).flatten(-2)


@DTYPES
@pytest.mark.parametrize(("heads", "base"), [(1, 10_000.0), (2, 10_000.0), (3, 50.0)])
def test_rotary_embedding_and_attention(heads: int, base: float, dtype: str) -> None:
    def theirs(inputs: torch.Tensor, _: Tensors) -> torch.Tensor:
        q, k, v = (part.reshape(BATCH, TIME, heads, -1) for part in inputs.split(UNITS, dim=-1))
        attended = nn.functional.scaled_dot_product_attention(
            turned(q, base).transpose(1, 2),
            turned(k, base).transpose(1, 2),
            v.transpose(1, 2),
            is_causal=True,
        )
        return attended.transpose(1, 2).reshape(BATCH, TIME, UNITS)

    rotary = {"type": "rotary_embedding", "heads": heads, "base": base}
    attention = {"type": "attention", "heads": heads, "causal": True}
    table = {"type": "sequential", "layers": [rotary, attention]}
    layer = build(table, (TIME, 3 * UNITS), dtype)
    compare_step(layer, theirs, draw(dtype, BATCH, TIME, 3 * UNITS))
