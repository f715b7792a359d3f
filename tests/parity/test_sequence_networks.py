"""Whole networks with recurrence and attention, 1,000 steps, beside PyTorch.

Rates are small: at larger ones such training is chaotic, so that rounding grows without bound.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from layerkit.engine.network import Network
from tests.parity.side_by_side import (
    CLASSES,
    DTYPES,
    TOLERANCES,
    batches,
    compare,
    in_dtype,
    network,
    share,
    train,
)

TIME, FEATURES, UNITS = 5, 4, 6
SHAPE = (TIME, FEATURES)


def ours(dtype: str, rate: float, optimizer: str, layers: str) -> Network:
    return network(dtype, SHAPE, layers, f"optimizer={{{optimizer}, learning_rate={rate}}}")


class LastStep(nn.Module):
    """A recurrent layer, then a linear one on the last step."""

    def __init__(self, layer: nn.RNNBase, width: int) -> None:
        super().__init__()
        self.layer = layer
        self.out = nn.Linear(width, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        _, ends = self.layer(x)
        ends = ends[0] if isinstance(ends, tuple) else ends
        return self.out(torch.cat(tuple(ends), dim=-1))


@DTYPES
def test_lstm_with_adam(dtype: str) -> None:
    layer = f'{{type="lstm", units={UNITS}, output="last"}}'
    built = ours(dtype, 0.001, 'type="adam"', layer)
    module = in_dtype(LastStep(nn.LSTM(FEATURES, UNITS, batch_first=True), UNITS), dtype)
    names = {
        "layer.weight_ih_l0": "lstm_1.weight",
        "layer.weight_hh_l0": "lstm_1.recurrent_weight",
        "layer.bias_ih_l0": "lstm_1.bias",
        "out.weight": "dense_1.weight",
        "out.bias": "dense_1.bias",
    }
    share(built, module, names)
    optimizer = torch.optim.Adam(module.parameters(), lr=0.001)
    train(built, module, optimizer, *batches(dtype, SHAPE))
    compare(built, module, names, TOLERANCES[dtype])


@DTYPES
def test_bidirectional_gru_with_adam(dtype: str) -> None:
    inner = f'{{type="gru", units={UNITS}, output="last", reset_after=true}}'
    built = ours(dtype, 0.001, 'type="adam"', f'{{type="bidirectional", layer={inner}}}')
    rnn = nn.GRU(FEATURES, UNITS, batch_first=True, bidirectional=True)
    module = in_dtype(LastStep(rnn, 2 * UNITS), dtype)
    names = {"out.weight": "dense_1.weight", "out.bias": "dense_1.bias"}
    for way, end in (("forward", ""), ("backward", "_reverse")):
        start = f"bidirectional_1.{way}_gru_1"
        names[f"layer.weight_ih_l0{end}"] = f"{start}.weight"
        names[f"layer.weight_hh_l0{end}"] = f"{start}.recurrent_weight"
        names[f"layer.bias_ih_l0{end}"] = f"{start}.bias"
    share(built, module, names)
    # Of PyTorch's second bias, only the part that is our recurrent_bias is trained.
    seconds = (rnn.bias_hh_l0, rnn.bias_hh_l0_reverse)
    for second in seconds:
        second.requires_grad_(True)
        second.register_hook(only_the_new_state)
    optimizer = torch.optim.Adam(module.parameters(), lr=0.001)
    train(built, module, optimizer, *batches(dtype, SHAPE))
    compare(built, module, names, TOLERANCES[dtype])
    for way, second in zip(("forward", "backward"), seconds, strict=True):
        found = built.parameters[f"bidirectional_1.{way}_gru_1.recurrent_bias"]
        expected = second.detach().numpy()[2 * UNITS :]
        np.testing.assert_allclose(found, expected, rtol=0, atol=TOLERANCES[dtype])


def only_the_new_state(grad: torch.Tensor) -> torch.Tensor:
    kept = grad.clone()
    kept[: 2 * UNITS] = 0
    return kept


class Blocks(nn.Module):
    """Two transformer blocks, and a linear layer on all steps."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(
                FEATURES, 2, 8, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
            )
            for _ in range(2)
        )
        self.out = nn.Linear(TIME * FEATURES, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for block in self.blocks:
            x = block(x)
        return self.out(x.flatten(1))


@DTYPES
def test_transformer_blocks_with_momentum(dtype: str) -> None:
    # Not with Adam, which scales up the rounding of a gradient that is 0: that of the keys' bias.
    block = '{type="transformer_block", heads=2, feed_forward_units=8, dropout=0.0}'
    layers = f'{{type="sequential", repeat=2, layers=[{block}]}}, "flatten"'
    built = ours(dtype, 0.0003, 'type="sgd", momentum=0.9', layers)
    module = in_dtype(Blocks(), dtype)
    names = {"out.weight": "dense_1.weight", "out.bias": "dense_1.bias"}
    for number in range(2):
        path = f"sequential_1.transformer_block_{number + 1}"
        attention = f"{path}.attention.multi_head_attention_1"
        theirs = f"blocks.{number}"
        names[f"{theirs}.self_attn.in_proj_weight"] = f"{attention}.weight"
        names[f"{theirs}.self_attn.in_proj_bias"] = f"{attention}.bias"
        names[f"{theirs}.self_attn.out_proj.weight"] = f"{attention}.output_weight"
        names[f"{theirs}.self_attn.out_proj.bias"] = f"{attention}.output_bias"
        for which, part in ((1, "attention"), (2, "feed_forward")):
            names[f"{theirs}.norm{which}.weight"] = f"{path}.{part}.layer_norm_1.scale"
            names[f"{theirs}.norm{which}.bias"] = f"{path}.{part}.layer_norm_1.shift"
            for each in ("weight", "bias"):
                names[f"{theirs}.linear{which}.{each}"] = (
                    f"{path}.feed_forward.dense_{which}.{each}"
                )
    share(built, module, names)
    optimizer = torch.optim.SGD(module.parameters(), lr=0.0003, momentum=0.9)
    train(built, module, optimizer, *batches(dtype, SHAPE))
    compare(built, module, names, TOLERANCES[dtype])
