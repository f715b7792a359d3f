"""One layer beside functions of PyTorch: outputs, and the gradients of inputs and parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
import pytest
import torch

from layerkit.arrays import Array, FloatType, Shape
from layerkit.contracts.layer import LAYERS, Layer, LayerConfig
from layerkit.randomness import generator
from layerkit.testing.build import build_layer
from layerkit.testing.configs import config_of

BATCH = 6
TOLERANCES = {"float64": 1e-12, "float32": 1e-5}
"""How far numbers may be from the expected ones, as a share of the largest, or of 1."""
DTYPES = pytest.mark.parametrize("dtype", TOLERANCES)

Tensors: TypeAlias = Mapping[str, torch.Tensor]
Theirs: TypeAlias = Callable[[torch.Tensor, Tensors], torch.Tensor]
"""From inputs and our parameters, by name, to outputs."""


def floats(dtype: str) -> FloatType:
    return np.dtype(np.float64) if dtype == "float64" else np.dtype(np.float32)


def draw(dtype: str, *shape: int, name: str = "inputs") -> Array:
    """Return normal numbers, others for every name and shape."""
    return generator(0, name, str(shape)).normal(size=shape).astype(dtype)


def draw_gradient(dtype: str, *shape: int) -> Array:
    return draw(dtype, *shape, name="gradient")


def build(
    table: LayerConfig | Mapping[str, object] | str,
    shape: Shape,
    dtype: str,
    mask: Array | None = None,
    batch: int = BATCH,
) -> Layer[LayerConfig]:
    return build_layer(
        config_of(LAYERS, table),
        input_shape=shape,
        batch_size=batch,
        dtype=floats(dtype),
        mask=mask,
    )


def assert_close(found: Array | None, expected: torch.Tensor | None) -> None:
    assert found is not None
    assert expected is not None
    numbers = expected.detach().numpy()
    assert found.shape == numbers.shape
    least = TOLERANCES[str(found.dtype)] * max(1.0, float(np.abs(numbers).max(initial=0)))
    np.testing.assert_allclose(found, numbers, rtol=0, atol=least)


def parameters_of(layer: Layer[LayerConfig]) -> dict[str, Array]:
    """Return the values of its parameters, those of layers inside too, by their paths in it."""
    start = f"{layer.context.path}."
    return {
        path.removeprefix(start): each.value for path, each in layer.context.memory.params.items()
    }


def compare_step(layer: Layer[LayerConfig], theirs: Theirs, x: Array) -> None:
    """Check outputs and every gradient of a step of training."""
    shared = {
        name: torch.tensor(value, requires_grad=True)
        for name, value in parameters_of(layer).items()
    }
    inputs = torch.tensor(x, requires_grad=True)
    outputs = theirs(inputs, shared)
    dy = draw_gradient(str(x.dtype), *outputs.shape)
    outputs.backward(torch.from_numpy(dy))
    assert_close(layer.forward(x, training=True), outputs)
    assert_close(layer.backward(dy.copy()), inputs.grad)
    start = layer.context.path
    for name, tensor in shared.items():
        assert_close(layer.context.memory.params[f"{start}.{name}"].grad, tensor.grad)


def compare(
    table: LayerConfig | Mapping[str, object] | str, shape: Shape, dtype: str, theirs: Theirs
) -> None:
    """Build a layer, and check two batches, the second of which is shorter."""
    layer = build(table, shape, dtype)
    for count in (BATCH, 2):
        compare_step(layer, theirs, draw(dtype, count, *shape))
