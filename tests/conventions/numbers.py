"""What a row of the table of conventions is tested with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts.layer import LAYERS, Layer, LayerConfig
from layerkit.contracts.optimizer import OPTIMIZERS, OptimizerConfig
from layerkit.randomness import generator
from layerkit.testing.build import build_layer, build_optimizer
from layerkit.testing.configs import config_of


@dataclass(frozen=True, slots=True)
class Numbers:
    """The same thing by three conventions; None where there is no such thing."""

    layerkit: Array
    pytorch: Array | None
    keras: Array | None


Rows: TypeAlias = Mapping[tuple[str, str], Callable[[], Numbers]]
"""By component and what differs."""


def drawn(*shape: int, scale: float = 1.0) -> Array:
    """Return normal numbers, the same for the same shape."""
    numbers: Array = scale * generator(0, "conventions").normal(size=shape)
    return numbers


def layer(table: Mapping[str, object] | str, x: Array, **params: Array) -> Layer[LayerConfig]:
    """Return a layer for a batch, its parameters as given or drawn."""
    config = config_of(LAYERS, table)
    built = build_layer(config, input_shape=x.shape[1:], batch_size=len(x))
    for name, value in params.items():
        built.context.params[name].value[...] = value
    return built


def steps(
    table: Mapping[str, object], gradients: Array, rates: Array, start: Array | None = None
) -> Array:
    """Return the parameters after every step of an optimizer, ``(steps, n)``; from 0 by default."""
    config: OptimizerConfig = config_of(OPTIMIZERS, {"learning_rate": 1.0, **table})
    value = np.zeros(gradients.shape[1]) if start is None else start.copy()
    optimizer, span = build_optimizer(config, value)
    found = np.zeros_like(gradients)
    for number, (gradient, rate) in enumerate(zip(gradients, rates.tolist(), strict=True), 1):
        span.grad[...] = gradient
        optimizer.update(span, rate, number)
        found[number - 1] = span.value
    return found
