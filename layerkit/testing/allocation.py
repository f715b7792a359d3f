"""`check_allocation`: the steady step works in memory that is there already."""

from __future__ import annotations

import math
import tracemalloc
from collections.abc import Callable, Mapping

import numpy as np

from layerkit.arrays import Shape
from layerkit.contracts.layer import LAYERS, LayerConfig
from layerkit.contracts.optimizer import OPTIMIZERS, OptimizerConfig
from layerkit.testing.build import build_optimizer
from layerkit.testing.configs import config_of
from layerkit.testing.layer_case import LayerCase

MANY = 2**18
"""Values in a batch that is large beside the iterator buffers of NumPy (8,192 values each)."""


def check_layer_allocation(
    layer: str | Mapping[str, object] | LayerConfig, *, input_shape: Shape
) -> None:
    """Check that forward and backward of a large batch allocate less than a byte for every value.

    The first two passes may allocate what they like.

    Parameters
    ----------
    layer
        Name, table or config.
    input_shape
        Per-example shape of its input.

    Raises
    ------
    AssertionError
        If they allocate more.
    """
    config = config_of(LAYERS, layer)
    count = -(-MANY // math.prod(input_shape))
    case = LayerCase(config, input_shape, (count,), seed=0)
    built, x, dy = case.build(count).layer, case.inputs(count), case.output_gradient(count)

    def step() -> None:
        built.forward(x, training=True)
        built.backward(dy)

    _expect_no_allocation(f"layer '{config.display_name}'", step, x.size)


def check_optimizer_allocation(optimizer: Mapping[str, object] | OptimizerConfig) -> None:
    """Check that an update of many parameters allocates less than a byte for every one.

    Parameters
    ----------
    optimizer
        Table (with a ``learning_rate``) or config.

    Raises
    ------
    AssertionError
        If it allocates more.
    """
    config = config_of(OPTIMIZERS, optimizer)
    built, span = build_optimizer(config, np.ones(MANY))

    def step() -> None:
        span.grad.fill(0.5)
        built.update(span, config.learning_rate, 1)

    _expect_no_allocation(f"optimizer '{config.display_name}'", step, MANY)


def _expect_no_allocation(what: str, step: Callable[[], None], values: int) -> None:
    for _ in range(2):
        step()
    tracemalloc.start()
    step()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    if peak >= values:
        raise AssertionError(
            f"allocates_nothing: {what}: expected a step in memory that is there already, found "
            f"{peak} bytes allocated for {values} values: keep buffers from __init__"
        )
