"""`curve`: values and derivatives of an elementwise layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from layerkit.arrays import Array, FloatType
from layerkit.contracts.layer import LAYERS, LayerConfig
from layerkit.testing.build import build_layer
from layerkit.testing.configs import config_of
from layerkit.testing.sampling import FLOAT64


def curve(
    layer: str | Mapping[str, object] | LayerConfig,
    x: Sequence[float],
    *,
    dtype: FloatType = FLOAT64,
) -> tuple[Array, Array]:
    """Return values and derivatives of an elementwise layer at some points.

    Parameters
    ----------
    layer
        Name, table or config.
    x
        The points.
    dtype
        Of the layer's arrays.

    Returns
    -------
    tuple of arrays
        Values and derivatives, as many as points.

    Raises
    ------
    FloatingPointError
        If a number overflows, or is none, on the way.
    """
    config = config_of(LAYERS, layer)
    built = build_layer(config, input_shape=(len(x),), batch_size=1, dtype=dtype)
    points = np.zeros((1, len(x)), dtype)
    points[...] = x
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        y = built.forward(points, training=True).copy()
        dx = built.backward(np.ones_like(points))
    if dx is None:
        raise AssertionError("expected an input gradient, found None")
    return y[0], dx[0].copy()
