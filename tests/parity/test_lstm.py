"""LSTM, and embedding, as PyTorch has them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from layerkit_sequence.lstm import LstmConfig

from layerkit.arrays import Array
from layerkit.builtin.embedding import EmbeddingConfig
from layerkit.randomness import generator
from layerkit.testing.build import build_layer

N, TIME, FEATURES, UNITS = 6, 9, 4, 5


def close(found: Array, expected: torch.Tensor) -> None:
    np.testing.assert_allclose(found, expected.detach().numpy(), rtol=1e-12, atol=1e-12)


def gradient(tensor: torch.Tensor) -> torch.Tensor:
    assert tensor.grad is not None
    return tensor.grad


@pytest.mark.parametrize("output", ["all", "last"])
def test_forward_and_backward_are_those_of_torch(output: str) -> None:
    config = LstmConfig.model_validate({"units": UNITS, "output": output})
    layer = build_layer(config, input_shape=(TIME, FEATURES), batch_size=N)
    params = layer.context.params
    theirs = torch.nn.LSTM(FEATURES, UNITS, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        theirs.weight_ih_l0.copy_(torch.from_numpy(params["weight"].value.T))
        theirs.weight_hh_l0.copy_(torch.from_numpy(params["recurrent_weight"].value.T))
        theirs.bias_ih_l0.copy_(torch.from_numpy(params["bias"].value))
        theirs.bias_hh_l0.zero_()
    rng = generator(0, "parity")
    x = rng.normal(size=(N, TIME, FEATURES))
    dy = rng.normal(size=(N, *layer.context.output_shape))
    inputs = torch.tensor(x, requires_grad=True)
    steps, (last, _) = theirs(inputs)
    outputs = steps if output == "all" else last[0]
    outputs.backward(torch.from_numpy(dy))
    close(layer.forward(x, training=True), outputs)
    dx = layer.backward(dy.copy())
    assert dx is not None
    close(dx, gradient(inputs))
    close(params["weight"].grad.T, gradient(theirs.weight_ih_l0))
    close(params["recurrent_weight"].grad.T, gradient(theirs.weight_hh_l0))
    close(params["bias"].grad, gradient(theirs.bias_ih_l0))


def test_the_last_real_step_is_that_of_a_packed_sequence() -> None:
    lengths = np.array([9, 1, 4, 7, 2, 9])
    mask = (np.arange(TIME) < lengths[:, np.newaxis]).astype(np.float64)
    config = LstmConfig(units=UNITS, output="last")
    layer = build_layer(config, input_shape=(TIME, FEATURES), batch_size=N, mask=mask)
    params = layer.context.params
    theirs = torch.nn.LSTM(FEATURES, UNITS, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        theirs.weight_ih_l0.copy_(torch.from_numpy(params["weight"].value.T))
        theirs.weight_hh_l0.copy_(torch.from_numpy(params["recurrent_weight"].value.T))
        theirs.bias_ih_l0.copy_(torch.from_numpy(params["bias"].value))
        theirs.bias_hh_l0.zero_()
    rng = generator(0, "parity")
    x, dy = rng.normal(size=(N, TIME, FEATURES)), rng.normal(size=(N, UNITS))
    inputs = torch.tensor(x, requires_grad=True)
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        inputs, torch.from_numpy(lengths), batch_first=True, enforce_sorted=False
    )
    _, (last, _) = theirs(packed)
    last[0].backward(torch.from_numpy(dy))
    close(layer.forward(x, training=True), last[0])
    dx = layer.backward(dy.copy())
    assert dx is not None
    close(dx, gradient(inputs))
    close(params["weight"].grad.T, gradient(theirs.weight_ih_l0))
    close(params["recurrent_weight"].grad.T, gradient(theirs.weight_hh_l0))
    close(params["bias"].grad, gradient(theirs.bias_hh_l0))


def test_embedding_is_that_of_torch() -> None:
    layer = build_layer(
        EmbeddingConfig(ids=7, units=3),
        input_shape=(TIME,),
        batch_size=N,
        wants_input_grad=False,
    )
    weight = layer.context.params["weight"]
    theirs = torch.nn.Embedding(7, 3, dtype=torch.float64)
    with torch.no_grad():
        theirs.weight.copy_(torch.from_numpy(weight.value))
    rng = generator(0, "parity")
    ids, dy = rng.integers(0, 7, (N, TIME)), rng.normal(size=(N, TIME, 3))
    outputs = theirs(torch.from_numpy(ids))
    outputs.backward(torch.from_numpy(dy))
    close(layer.forward(ids.astype(np.float64), training=True), outputs)
    assert layer.backward(dy.copy()) is None
    close(weight.grad, gradient(theirs.weight))
