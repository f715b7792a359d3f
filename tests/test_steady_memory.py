"""Every layer of this repository trains in memory that is there already."""

from __future__ import annotations

import math
import tracemalloc

import pytest

from layerkit.arrays import Shape
from layerkit.contracts.layer import LAYERS
from layerkit.testing.configs import config_of
from layerkit.testing.layer_case import LayerCase
from tools.packaging.distributions import own_distributions

MANY = 2**18
"""Values in a batch that is large beside the iterator buffers of NumPy (8,192 values each)."""
IMAGE = (6, 6, 4)
LAYERS_AND_INPUTS: dict[str, tuple[dict[str, object], Shape]] = {
    "batch_norm": ({}, (7,)),
    "conv2d": ({"filters": 4, "kernel_size": 3}, IMAGE),
    "dense": ({"units": 7}, (7,)),
    "dropout": ({}, (7,)),
    "embedding": ({"ids": 5, "units": 3}, (7,)),
    "flatten": ({}, IMAGE),
    "layer_norm": ({}, (7,)),
    "lstm": ({"units": 5}, (6, 4)),
    "max_pool2d": ({}, IMAGE),
    "parallel": ({"branches": [["tanh"], [{"type": "dense", "units": 7}]]}, (7,)),
    "random_shift": ({"pixels": 1}, IMAGE),
    "relu": ({}, (7,)),
    "residual": ({"layers": [{"type": "dense", "units": 7}, "tanh"]}, (7,)),
    "sequential": ({"layers": [{"type": "dense", "units": 7}, "tanh"], "repeat": 2}, (7,)),
    "sigmoid": ({}, (7,)),
    "standardize": ({}, (7,)),
    "tanh": ({}, (7,)),
}


def bytes_of_a_step(name: str) -> int:
    """Return what a step over many values takes in passing, once it is steady."""
    options, shape = LAYERS_AND_INPUTS[name]
    config = config_of(LAYERS, {"type": name, **options})
    count = -(-MANY // math.prod(shape))
    case = LayerCase(config, shape, (count,), seed=0)
    layer, x, dy = case.build(count).layer, case.inputs(count), case.output_gradient(count)
    for _ in range(2):
        layer.forward(x, training=True)
        layer.backward(dy)
    tracemalloc.start()
    layer.forward(x, training=True)
    layer.backward(dy)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize("name", LAYERS_AND_INPUTS)
def test_a_steady_step_allocates_less_than_a_byte_for_every_value(name: str) -> None:
    assert bytes_of_a_step(name) < MANY


def test_no_layer_is_left_out() -> None:
    # Not those of the environment: whoever installs a plugin to try it out must not break this.
    names = {name for each in own_distributions() for name in each.components(LAYERS.group)}
    assert names == LAYERS_AND_INPUTS.keys()
