from __future__ import annotations

import numpy as np
import pytest
from layerkit_convolution.max_pool2d import MaxPool2dConfig
from layerkit_convolution.padding import Padding
from pydantic import ValidationError

from layerkit.plugin import Array, FloatType, Layer, LayerConfig, ShapeError, generator
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer

FLOAT64: FloatType = np.dtype(np.float64)

Pair = tuple[int, int]


def pool_in_place(
    config: MaxPool2dConfig,
    shape: tuple[int, ...],
    capacity: int,
    dtype: FloatType = FLOAT64,
) -> Layer[LayerConfig]:
    return build_layer(config, input_shape=shape, batch_size=capacity, dtype=dtype)


def pool_one_by_one(config: MaxPool2dConfig, x: Array, dy: Array) -> tuple[Array, Array]:
    """Return outputs and input gradient, window by window."""
    rows, columns = config.slides(x.shape[1:])
    y = np.zeros_like(dy)
    padded = np.full((len(x), rows.padded, columns.padded, x.shape[-1]), -np.inf)
    padded[:, rows.elements, columns.elements] = x
    dx = np.zeros_like(padded)
    for n, i, j, c in np.ndindex(dy.shape):
        top, left = i * rows.stride, j * columns.stride
        window = padded[n, top : top + rows.window, left : left + columns.window, c]
        a, b = divmod(int(np.argmax(window)), columns.window)
        y[n, i, j, c] = window[a, b]
        dx[n, top + a, left + b, c] += dy[n, i, j, c]
    return y, dx[:, rows.elements, columns.elements]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"size": 3},
        {"size": [2, 3], "stride": [1, 2]},
        {"size": 1, "stride": 2},
        {"size": 3, "padding": "same"},
        {"size": [2, 3], "stride": [1, 2], "padding": [1, 2]},
    ],
)
@pytest.mark.parametrize("channels", [1, 3])
def test_keeps_the_contract_of_layers(options: dict[str, object], channels: int) -> None:
    check_layer({"type": "max_pool2d", **options}, input_shape=(5, 6, channels))


def test_takes_the_largest_of_four_and_gives_it_the_gradient() -> None:
    pool = pool_in_place(MaxPool2dConfig(), (2, 4, 1), 1)
    x = np.array([[1.0, 2.0, 8.0, 7.0], [4.0, 3.0, 5.0, 6.0]]).reshape(1, 2, 4, 1)
    assert pool.forward(x, training=True).reshape(-1).tolist() == [4, 8]
    dx = pool.backward(np.array([10.0, 20.0]).reshape(1, 1, 2, 1))
    assert dx is not None
    assert dx.reshape(2, 4).tolist() == [[0, 0, 20, 0], [10, 0, 0, 0]]


@pytest.mark.parametrize("size", [1, 2, 3, (2, 3)])
@pytest.mark.parametrize("stride", [None, 1, 2, (3, 1)])
@pytest.mark.parametrize("levels", [2, 1000], ids=["many ties", "few ties"])
@pytest.mark.parametrize("padding", ["valid", "same", (0, 1)])
def test_does_what_is_done_window_by_window(
    size: int | Pair, stride: int | Pair | None, levels: int, padding: Padding
) -> None:
    if size == 1 and padding == (0, 1):
        padding = 0
    config = MaxPool2dConfig(size=size, stride=stride, padding=padding)
    pool = pool_in_place(config, (7, 8, 3), 4)
    rng = generator(0, "arrays")
    x = rng.integers(0, levels, (4, 7, 8, 3)).astype(np.float64)
    dy = rng.normal(size=(4, *pool.context.output_shape))
    y, dx = pool_one_by_one(config, x, dy)
    assert np.array_equal(pool.forward(x, training=True), y)
    found = pool.backward(dy)
    assert found is not None
    np.testing.assert_allclose(found, dx, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize(
    ("window", "winner"),
    [([5, 5, 5, 5], 0), ([1, 5, 5, 5], 1), ([1, 5, 5, 1], 1), ([1, 1, 5, 5], 2), ([1, 5, 1, 5], 1)],
)
def test_of_equal_values_the_first_gets_all_of_the_gradient(window: list[int], winner: int) -> None:
    pool = pool_in_place(MaxPool2dConfig(), (2, 2, 1), 1)
    pool.forward(np.array(window, np.float64).reshape(1, 2, 2, 1), training=True)
    dx = pool.backward(np.full((1, 1, 1, 1), 3.0))
    assert dx is not None
    assert dx.reshape(-1).tolist() == [3.0 if at == winner else 0.0 for at in range(4)]


def test_windows_may_be_as_large_as_the_image() -> None:
    pool = pool_in_place(MaxPool2dConfig(size=28), (28, 28, 2), 1)
    x = generator(0, "x").normal(size=(1, 28, 28, 2))
    assert np.array_equal(pool.forward(x, training=True), x.max(axis=(1, 2), keepdims=True))
    dx = pool.backward(np.ones((1, 1, 1, 2)))
    assert dx is not None
    assert np.array_equal(dx, x == x.max(axis=(1, 2)))


def test_evaluation_gives_what_training_gives() -> None:
    pool = pool_in_place(MaxPool2dConfig(), (4, 4, 1), 2)
    x = generator(0, "x").normal(size=(2, 4, 4, 1))
    y = pool.forward(x, training=True).copy()
    assert np.array_equal(pool.forward(x, training=False), y)


def test_rows_and_columns_that_fill_no_window_are_left_out() -> None:
    assert MaxPool2dConfig().plan((5, 7, 3)).output == (2, 3, 3)
    assert MaxPool2dConfig(size=(1, 7)).plan((5, 7, 3)).output == (5, 1, 3)


def test_refuses_anything_but_images_and_images_smaller_than_a_window() -> None:
    with pytest.raises(ShapeError, match="max_pool2d expects images, shape"):
        MaxPool2dConfig().plan((784,))
    with pytest.raises(ShapeError, match="max_pool2d expects images of at least 2 by 2"):
        MaxPool2dConfig().plan((1, 5, 3))


def test_padding_is_never_the_largest() -> None:
    pool = pool_in_place(MaxPool2dConfig(size=3, stride=3, padding=2), (1, 1, 1), 1)
    assert pool.forward(np.full((1, 1, 1, 1), -7.0), training=True).tolist() == [[[[-7.0]]]]


@pytest.mark.parametrize(
    "options", [{"size": 0}, {"stride": 0}, {"size": 2.0}, {"padding": 2}, {"padding": "causal"}]
)
def test_refuses_numbers_out_of_range(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(options))):
        MaxPool2dConfig.model_validate(options)
