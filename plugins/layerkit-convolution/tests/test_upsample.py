from __future__ import annotations

import numpy as np
import pytest
from layerkit_convolution.upsample import UpsampleConfig
from pydantic import ValidationError

from layerkit.plugin import Shape, ShapeError, generator
from layerkit.testing import check_layer
from layerkit.testing.build import build_layer


@pytest.mark.parametrize(
    ("factor", "shape"), [(2, (3, 2, 2)), ([1, 3], (2, 3, 2)), (3, (5, 2)), (2, (1, 1, 1))]
)
@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
def test_keeps_the_contract_of_layers(factor: object, shape: Shape, mode: str) -> None:
    check_layer({"type": "upsample", "factor": factor, "mode": mode}, input_shape=shape)


def test_every_pixel_becomes_a_rectangle() -> None:
    layer = build_layer(UpsampleConfig(factor=(2, 3)), input_shape=(2, 2, 2), batch_size=2)
    x = generator(0, "x").normal(size=(2, 2, 2, 2))
    y = layer.forward(x, training=True)
    assert np.array_equal(y, x.repeat(2, axis=1).repeat(3, axis=2))
    dx = layer.backward(np.ones(y.shape))
    assert dx is not None
    assert np.all(dx == 6)


def test_between_pixels_values_change_linearly_and_at_the_ends_not_at_all() -> None:
    config = UpsampleConfig(factor=2, mode="bilinear")
    layer = build_layer(config, input_shape=(3, 1), batch_size=1)
    y = layer.forward(np.array([[[0.0], [4.0], [8.0]]]), training=True)
    assert y.reshape(-1).tolist() == [0, 1, 3, 5, 7, 8]


@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
def test_an_even_image_stays_even(mode: str) -> None:
    config = UpsampleConfig.model_validate({"factor": 3, "mode": mode})
    layer = build_layer(config, input_shape=(4, 5, 2), batch_size=1)
    y = layer.forward(np.full((1, 4, 5, 2), 7.0), training=False)
    np.testing.assert_allclose(y, 7, rtol=1e-15)


@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
def test_a_step_counts_where_the_one_that_it_comes_from_does(mode: str) -> None:
    mask = np.array([[1.0, 0.0]])
    config = UpsampleConfig.model_validate({"factor": 3, "mode": mode})
    layer = build_layer(config, input_shape=(2, 1), batch_size=1, mask=mask)
    layer.forward(np.ones((1, 2, 1)), training=True)
    assert layer.mask is not None
    assert layer.mask.tolist() == [[1, 1, 1, 0, 0, 0]]


def test_refuses_what_it_cannot_work_on() -> None:
    with pytest.raises(ShapeError, match=r"upsample expects images, .* found \(9,\)"):
        UpsampleConfig().plan((9,))
    with pytest.raises(ShapeError, match=r"factor = \[2, 3\] expects images"):
        UpsampleConfig(factor=(2, 3)).plan((9, 4))
    with pytest.raises(ValidationError, match="mode"):
        UpsampleConfig.model_validate({"mode": "bicubic"})
