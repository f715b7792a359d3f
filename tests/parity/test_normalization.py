"""Batch, group, layer and root mean square normalization do what PyTorch's do."""

from __future__ import annotations

import pytest
import torch

from layerkit.arrays import Array, Shape
from layerkit.builtin.batch_norm import BatchNormConfig
from layerkit.builtin.group_norm import GroupNormConfig
from layerkit.builtin.layer_norm import LayerNormConfig
from layerkit.builtin.rms_norm import RmsNormConfig
from layerkit.contracts.layer import Layer, LayerConfig
from tests.parity.one_layer import BATCH, DTYPES, assert_close, build, draw, draw_gradient

STEPS = 5
OURS = {"weight": "scale", "bias": "shift"}


def channels_first(x: torch.Tensor) -> torch.Tensor:
    return x.movedim(-1, 1)


def channels_last(x: torch.Tensor) -> torch.Tensor:
    return x.movedim(1, -1)


def share(layer: Layer[LayerConfig], module: torch.nn.Module, dtype: str) -> None:
    """Give PyTorch's module the layer's dtype and parameters."""
    module.to(torch.float64 if dtype == "float64" else torch.float32)
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
    assert_close(layer.forward(x, training=True), outputs)
    assert_close(layer.backward(dy.copy()), inputs.grad)
    grads = dict(module.named_parameters())
    for name, grad in grads.items():
        assert_close(layer.context.params[OURS[name]].grad, grad.grad)


@DTYPES
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
    dtype: str,
) -> None:
    config = BatchNormConfig(momentum=momentum)
    layer = build(config, shape, dtype)
    module = module_type(shape[-1], eps=config.epsilon, momentum=1 - momentum)
    share(layer, module, dtype)
    for step in range(STEPS):
        count = BATCH - step  # shorter and shorter
        x = 3 * draw(dtype, count, *shape) + 2
        compare_step(layer, module, x, draw_gradient(dtype, *x.shape), moves_channels=True)
        assert_close(layer.context.state["mean"], module.running_mean)
        assert_close(layer.context.state["variance"], module.running_var)
    module.eval()
    x = 3 * draw(dtype, BATCH, *shape) + 2
    expected = channels_last(module(channels_first(torch.from_numpy(x))))
    assert_close(layer.forward(x, training=False), expected)


@DTYPES
@pytest.mark.parametrize("shape", [(7,), (5, 3), (4, 5, 3)])
@pytest.mark.parametrize("epsilon", [1e-5, 0.1])
def test_layer_norm(shape: Shape, epsilon: float, dtype: str) -> None:
    layer = build(LayerNormConfig(epsilon=epsilon), shape, dtype)
    module = torch.nn.LayerNorm(shape[-1], eps=epsilon)
    share(layer, module, dtype)
    for step in range(STEPS):
        x = 3 * draw(dtype, BATCH - step, *shape) + 2
        compare_step(layer, module, x, draw_gradient(dtype, *x.shape), moves_channels=False)
    x = 3 * draw(dtype, BATCH, *shape) + 2
    assert_close(layer.forward(x, training=False), module(torch.from_numpy(x)))


@DTYPES
@pytest.mark.parametrize("shape", [(7,), (5, 3), (4, 5, 3)])
@pytest.mark.parametrize("epsilon", [1e-5, 0.1])
def test_rms_norm(shape: Shape, epsilon: float, dtype: str) -> None:
    layer = build(RmsNormConfig(epsilon=epsilon), shape, dtype)
    module = torch.nn.RMSNorm(shape[-1], eps=epsilon)
    share(layer, module, dtype)
    for step in range(STEPS):
        x = 3 * draw(dtype, BATCH - step, *shape) + 2
        compare_step(layer, module, x, draw_gradient(dtype, *x.shape), moves_channels=False)


@DTYPES
@pytest.mark.parametrize(
    ("shape", "groups"),  # more than one value in every group
    [((6,), 1), ((6,), 2), ((5, 6), 1), ((5, 6), 3), ((4, 5, 6), 2), ((4, 5, 6), 6)],
)
@pytest.mark.parametrize("epsilon", [1e-5, 0.1])
def test_group_norm(shape: Shape, groups: int, epsilon: float, dtype: str) -> None:
    config = GroupNormConfig(groups=groups, epsilon=epsilon)
    layer = build(config, shape, dtype)
    module = torch.nn.GroupNorm(groups, shape[-1], eps=epsilon)
    share(layer, module, dtype)
    for step in range(STEPS):
        x = 3 * draw(dtype, BATCH - step, *shape) + 2
        compare_step(layer, module, x, draw_gradient(dtype, *x.shape), moves_channels=True)
