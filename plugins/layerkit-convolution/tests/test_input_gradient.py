from __future__ import annotations

import numpy as np
import pytest
from layerkit_convolution.conv2d import Conv2dConfig
from layerkit_convolution.input_gradient import InputGradient
from layerkit_convolution.windows import Slide

from layerkit.plugin import Array, LayerContext, generator
from layerkit.testing.build import build_layer


def context_for(images: Array) -> LayerContext:
    some_layer = Conv2dConfig(filters=1, kernel_size=1)
    return build_layer(some_layer, input_shape=images.shape[1:], batch_size=len(images)).context


def spread_one_by_one(rows: Slide, columns: Slide, weight: Array, dy: Array) -> Array:
    """Return the input gradient as a sum over all outputs."""
    dx: Array = np.zeros((len(dy), rows.padded, columns.padded, weight.shape[2]))
    for n, i, j in np.ndindex(dy.shape[:3]):
        top, left = i * rows.stride, j * columns.stride
        window = dx[n, top : top + rows.window, left : left + columns.window]
        window += weight @ dy[n, i, j]
    return dx[:, rows.elements, columns.elements]


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        (Slide(5, 3, 1), Slide(4, 2, 1)),
        (Slide(5, 3, 1, 1, 1), Slide(4, 3, 1, 2, 0)),
        (Slide(6, 3, 2, 1, 1), Slide(7, 2, 3)),
        (Slide(5, 2, 3), Slide(5, 3, 5)),
    ],
    ids=["plain", "padded", "strided", "with gaps"],
)
def test_gathers_what_every_output_passes_back(rows: Slide, columns: Slide) -> None:
    rng = generator(0, "arrays")
    weight = rng.normal(size=(rows.window, columns.window, 3, 4))
    dy = rng.normal(size=(2, rows.count, columns.count, 4))
    memory = np.full((5, rows.length, columns.length, 3), np.nan)
    dx = InputGradient(rows, columns, weight, context_for(memory), memory).of(dy)
    expected = spread_one_by_one(rows, columns, weight, dy)
    np.testing.assert_allclose(dx, expected, rtol=1e-13, atol=1e-13)
    assert np.shares_memory(dx, memory)


def test_follows_the_weight_as_it_changes() -> None:
    slide, weight, memory = Slide(1, 1, 1), np.ones((1, 1, 1, 1)), np.zeros((1, 1, 1, 1))
    gradient = InputGradient(slide, slide, weight, context_for(memory), memory)
    assert gradient.of(np.full((1, 1, 1, 1), 3.0)).item() == 3
    weight[...] = 2
    assert gradient.of(np.full((1, 1, 1, 1), 3.0)).item() == 6
