"""Layers fitted on examples, as training fits them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from layerkit.arrays import Array, FloatType
from layerkit.contracts.layer import LAYERS, Layer, LayerConfig
from layerkit.testing.build import build_layer
from layerkit.testing.configs import config_of
from layerkit.testing.sampling import FLOAT64


def fitted(
    layer: str | Mapping[str, object] | LayerConfig,
    x: Array,
    size: int = 3,
    dtype: FloatType = FLOAT64,
    mask: Array | None = None,
) -> Layer[LayerConfig]:
    """Return a layer that has adapted to ``x``, in batches that overwrite one another."""
    built = build_layer(
        config_of(LAYERS, layer),
        input_shape=x.shape[1:],
        batch_size=len(x),
        dtype=dtype,
        mask=mask,
    )
    memory: Array = np.zeros((size, *x.shape[1:]), dtype)

    def batches() -> Iterator[Array]:
        for start in range(0, len(x), size):
            rows = x[start : start + size]
            np.copyto(memory[: len(rows)], rows)
            yield memory[: len(rows)]

    built.adapt(batches)
    return built


def slopes(layer: Layer[LayerConfig], x: Array) -> Array:
    """Return the gradient of the sum of outputs, after a forward pass."""
    y = layer.forward(x, training=True)
    dx = layer.backward(np.ones_like(y))
    assert dx is not None
    return dx.copy()
