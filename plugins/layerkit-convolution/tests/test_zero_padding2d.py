from __future__ import annotations

import numpy as np
import pytest
from layerkit_convolution.zero_padding2d import ZeroPadding2dConfig
from pydantic import ValidationError

from layerkit.plugin import ShapeError, generator
from layerkit.testing import check_layer
from layerkit.testing.build import build_layer


@pytest.mark.parametrize("padding", [1, 0, [2, 1], [[0, 1], [2, 0]], [1, [0, 2]]])
def test_keeps_the_contract_of_layers(padding: object) -> None:
    check_layer({"type": "zero_padding2d", "padding": padding}, input_shape=(3, 4, 2))


def test_zeros_are_where_they_were_asked_for() -> None:
    config = ZeroPadding2dConfig.model_validate({"padding": [[0, 1], [2, 3]]})
    layer = build_layer(config, input_shape=(3, 4, 2), batch_size=2)
    x = generator(0, "x").normal(size=(2, 3, 4, 2))
    y = layer.forward(x, training=True)
    assert np.array_equal(y, np.pad(x, ((0, 0), (0, 1), (2, 3), (0, 0))))
    dy = generator(0, "dy").normal(size=y.shape)
    dx = layer.backward(dy.copy())
    assert dx is not None
    assert np.array_equal(dx, dy[:, :3, 2:6])


def test_refuses_what_it_cannot_work_on() -> None:
    with pytest.raises(ShapeError, match="zero_padding2d expects images, shape"):
        ZeroPadding2dConfig().plan((9, 4))
    for padding in (-1, [1], [[1, 2, 3], [0, 0]], "same"):
        with pytest.raises(ValidationError, match="padding"):
            ZeroPadding2dConfig.model_validate({"padding": padding})
