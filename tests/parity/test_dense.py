"""A dense layer does what PyTorch's ``Linear`` does, on every step of a sequence."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from layerkit.arrays import Array, Shape
from layerkit.builtin.dense import DenseConfig
from layerkit.testing.build import build_layer

BATCH, UNITS = 6, 4


def assert_equal(found: Array | None, expected: torch.Tensor | None) -> None:
    assert found is not None
    assert expected is not None
    np.testing.assert_allclose(found, expected.detach().numpy(), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("shape", [(7,), (5, 3), (2, 5, 3)])
@pytest.mark.parametrize("bias", [True, False])
def test_dense(shape: Shape, bias: bool) -> None:
    rng = np.random.default_rng(0)
    layer = build_layer(DenseConfig(units=UNITS, bias=bias), input_shape=shape, batch_size=BATCH)
    params = layer.context.params
    module = torch.nn.Linear(shape[-1], UNITS, bias=bias).double()
    with torch.no_grad():
        module.weight.copy_(torch.from_numpy(params["weight"].value.T))
        if bias:
            module.bias.copy_(torch.from_numpy(params["bias"].value))
    for count in (BATCH, 2):
        x, dy = rng.normal(size=(count, *shape)), rng.normal(size=(count, *shape[:-1], UNITS))
        inputs = torch.from_numpy(x).requires_grad_()
        module.zero_grad()
        outputs = module(inputs)
        outputs.backward(torch.from_numpy(dy))
        assert_equal(layer.forward(x, training=True), outputs)
        assert_equal(layer.backward(dy.copy()), inputs.grad)
        weight_grad = module.weight.grad
        assert weight_grad is not None
        assert_equal(params["weight"].grad, weight_grad.T)
        if bias:
            assert_equal(params["bias"].grad, module.bias.grad)


def test_dense_with_ntk_parametrization() -> None:
    """PyTorch has none; the same is written out with its functions."""
    rng = np.random.default_rng(0)
    config = DenseConfig(units=UNITS, parametrization="ntk")
    layer = build_layer(config, input_shape=(7,), batch_size=BATCH)
    params = layer.context.params
    weight = torch.tensor(params["weight"].value, requires_grad=True)
    bias = torch.tensor(params["bias"].value, requires_grad=True)
    x, dy = rng.normal(size=(BATCH, 7)), rng.normal(size=(BATCH, UNITS))
    inputs = torch.from_numpy(x).requires_grad_()
    outputs = inputs @ weight / 7**0.5 + bias
    outputs.backward(torch.from_numpy(dy))
    assert_equal(layer.forward(x, training=True), outputs)
    assert_equal(layer.backward(dy.copy()), inputs.grad)
    assert_equal(params["weight"].grad, weight.grad)
    assert_equal(params["bias"].grad, bias.grad)
