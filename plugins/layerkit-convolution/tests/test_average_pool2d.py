from __future__ import annotations

import numpy as np
import pytest
from layerkit_convolution.average_pool2d import AveragePool2dConfig
from pydantic import ValidationError

from layerkit.plugin import ShapeError, generator
from layerkit.testing import check_layer
from layerkit.testing.build import build_layer


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"size": 3, "padding": "same"},
        {"size": [2, 3], "stride": [1, 2], "padding": [1, 2]},
        {"size": 3, "padding": 1, "count_padding": True},
        {"size": 1, "stride": 2},
    ],
)
@pytest.mark.parametrize("channels", [1, 3])
def test_keeps_the_contract_of_layers(options: dict[str, object], channels: int) -> None:
    check_layer({"type": "average_pool2d", **options}, input_shape=(5, 6, channels))


def test_takes_the_mean_of_four_and_gives_each_a_quarter_of_the_gradient() -> None:
    layer = build_layer(AveragePool2dConfig(), input_shape=(2, 4, 1), batch_size=1)
    x = np.array([[1.0, 2.0, 8.0, 7.0], [4.0, 3.0, 5.0, 6.0]]).reshape(1, 2, 4, 1)
    assert layer.forward(x, training=True).reshape(-1).tolist() == [2.5, 6.5]
    dx = layer.backward(np.array([8.0, 16.0]).reshape(1, 1, 2, 1))
    assert dx is not None
    assert dx.reshape(2, 4).tolist() == [[2, 2, 4, 4], [2, 2, 4, 4]]


@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize("padding", ["valid", "same", (1, 2)])
@pytest.mark.parametrize("stride", [None, 1, (3, 2)])
def test_does_what_is_done_window_by_window(
    counts: bool, padding: tuple[int, int], stride: int | tuple[int, int] | None
) -> None:
    config = AveragePool2dConfig(size=3, stride=stride, padding=padding, count_padding=counts)
    layer = build_layer(config, input_shape=(6, 7, 2), batch_size=3)
    rows, columns = config.slides((6, 7, 2))
    x = generator(0, "x").normal(size=(3, 6, 7, 2))
    padded = np.full((3, rows.padded, columns.padded, 2), 0.0 if counts else np.nan)
    padded[:, rows.elements, columns.elements] = x
    y = layer.forward(x, training=True)
    for i, j in np.ndindex(y.shape[1:3]):
        top, left = i * rows.stride, j * columns.stride
        window = padded[:, top : top + 3, left : left + 3]
        expected = np.nanmean(window, axis=(1, 2))
        np.testing.assert_allclose(y[:, i, j], expected, rtol=1e-13, atol=1e-13)


def test_images_have_no_steps_that_a_mask_is_about() -> None:
    mask = np.zeros((1, 2))
    layer = build_layer(AveragePool2dConfig(), input_shape=(2, 4, 1), batch_size=1, mask=mask)
    x = np.array([[1.0, 2.0, 8.0, 7.0], [4.0, 3.0, 5.0, 6.0]]).reshape(1, 2, 4, 1)
    assert layer.forward(x, training=True).reshape(-1).tolist() == [2.5, 6.5]


def test_refuses_what_it_cannot_work_on() -> None:
    with pytest.raises(ShapeError, match="average_pool2d expects images, shape"):
        AveragePool2dConfig().plan((9, 4))
    with pytest.raises(ShapeError, match="average_pool2d expects images of at least 2 by 2"):
        AveragePool2dConfig().plan((1, 5, 3))
    with pytest.raises(ValidationError, match="less padding"):
        AveragePool2dConfig(padding=(0, 2))
