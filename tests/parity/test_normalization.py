"""Batch, group, layer and root mean square normalization do what PyTorch's do."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from layerkit.arrays import Array, Shape
from layerkit.builtin.batch_norm import BatchNormConfig
from layerkit.builtin.group_norm import GroupNormConfig
from layerkit.builtin.layer_norm import LayerNormConfig
from layerkit.builtin.rms_norm import RmsNormConfig
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.testing.build import build_layer

BATCH, STEPS = 6, 5
OURS = {"weight": "scale", "bias": "shift"}


def assert_equal(found: Array | None, expected: torch.Tensor | None) -> None:
    assert found is not None
    assert expected is not None
    numbers = expected.detach().numpy()
    np.testing.assert_allclose(found, numbers, rtol=1e-12, atol=1e-12 * np.abs(numbers).max())


def channels_first(x: torch.Tensor) -> torch.Tensor:
    return x.movedim(-1, 1)


def channels_last(x: torch.Tensor) -> torch.Tensor:
    return x.movedim(1, -1)


def share(layer: Layer[LayerConfig], module: torch.nn.Module) -> None:
    """Give PyTorch's module the layer's parameters."""
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            parameter.copy_(torch.from_numpy(layer.context.params[OURS[name]].value))


def compare_step(
    layer: Layer[LayerConfig],
    module: torch.nn.Module,
    x: Array,
    dy: Array,
    *,
    moves_channels: bool,
) -> None:
    """Check outputs and every gradient of a step of training."""
    inputs = torch.from_numpy(x).requires_grad_()
    module.zero_grad()
    outputs = channels_last(module(channels_first(inputs))) if moves_channels else module(inputs)
    outputs.backward(torch.from_numpy(dy))
    assert_equal(layer.forward(x, training=True), outputs)
    assert_equal(layer.backward(dy.copy()), inputs.grad)
    grads = dict(module.named_parameters())
    for name, grad in grads.items():
        assert_equal(layer.context.params[OURS[name]].grad, grad.grad)


@pytest.mark.parametrize(
    ("shape", "module_type"),
    [
        ((7,), torch.nn.BatchNorm1d),
        ((5, 3), torch.nn.BatchNorm1d),
        ((4, 5, 3), torch.nn.BatchNorm2d),
    ],
)
@pytest.mark.parametrize("momentum", [0.9, 0.5])
def test_batch_norm_over_several_steps(
    shape: Shape,
    module_type: type[torch.nn.BatchNorm1d | torch.nn.BatchNorm2d],
    momentum: float,
) -> None:
    rng = np.random.default_rng(0)
    config = BatchNormConfig(momentum=momentum)
    layer = build_layer(config, input_shape=shape, batch_size=BATCH)
    module = module_type(shape[-1], eps=config.epsilon, momentum=1 - momentum).double()
    share(layer, module)
    for step in range(STEPS):
        count = BATCH - step  # shorter and shorter
        x = rng.normal(2, 3, (count, *shape))
        compare_step(layer, module, x, rng.normal(size=x.shape), moves_channels=True)
        assert_equal(layer.context.state["mean"], module.running_mean)
        assert_equal(layer.context.state["variance"], module.running_var)
    module.eval()
    x = rng.normal(2, 3, (BATCH, *shape))
    expected = channels_last(module(channels_first(torch.from_numpy(x))))
    assert_equal(layer.forward(x, training=False), expected)


@pytest.mark.parametrize("shape", [(7,), (5, 3), (4, 5, 3)])
@pytest.mark.parametrize("epsilon", [1e-5, 0.1])
def test_layer_norm(shape: Shape, epsilon: float) -> None:
    rng = np.random.default_rng(0)
    layer = build_layer(LayerNormConfig(epsilon=epsilon), input_shape=shape, batch_size=BATCH)
    module = torch.nn.LayerNorm(shape[-1], eps=epsilon).double()
    share(layer, module)
    for step in range(STEPS):
        x = rng.normal(2, 3, (BATCH - step, *shape))
        compare_step(layer, module, x, rng.normal(size=x.shape), moves_channels=False)
    x = rng.normal(2, 3, (BATCH, *shape))
    assert_equal(layer.forward(x, training=False), module(torch.from_numpy(x)))


@pytest.mark.parametrize("shape", [(7,), (5, 3), (4, 5, 3)])
@pytest.mark.parametrize("epsilon", [1e-5, 0.1])
def test_rms_norm(shape: Shape, epsilon: float) -> None:
    rng = np.random.default_rng(0)
    layer = build_layer(RmsNormConfig(epsilon=epsilon), input_shape=shape, batch_size=BATCH)
    module = torch.nn.RMSNorm(shape[-1], eps=epsilon).double()
    share(layer, module)
    for step in range(STEPS):
        x = rng.normal(2, 3, (BATCH - step, *shape))
        compare_step(layer, module, x, rng.normal(size=x.shape), moves_channels=False)


@pytest.mark.parametrize(
    ("shape", "groups"),  # more than one value in every group
    [((6,), 1), ((6,), 2), ((5, 6), 1), ((5, 6), 3), ((4, 5, 6), 2), ((4, 5, 6), 6)],
)
@pytest.mark.parametrize("epsilon", [1e-5, 0.1])
def test_group_norm(shape: Shape, groups: int, epsilon: float) -> None:
    rng = np.random.default_rng(0)
    config = GroupNormConfig(groups=groups, epsilon=epsilon)
    layer = build_layer(config, input_shape=shape, batch_size=BATCH)
    module = torch.nn.GroupNorm(groups, shape[-1], eps=epsilon).double()
    share(layer, module)
    for step in range(STEPS):
        x = rng.normal(2, 3, (BATCH - step, *shape))
        compare_step(layer, module, x, rng.normal(size=x.shape), moves_channels=True)
