from __future__ import annotations

import numpy as np
import pytest
from layerkit_convolution.zero_padding1d import ZeroPadding1dConfig
from pydantic import ValidationError

from layerkit.plugin import ShapeError, generator
from layerkit.testing import check_layer
from layerkit.testing.build import build_layer


@pytest.mark.parametrize("padding", [1, 0, [0, 2]])
def test_keeps_the_contract_of_layers(padding: object) -> None:
    check_layer({"type": "zero_padding1d", "padding": padding}, input_shape=(4, 2))


def test_zeros_are_where_they_were_asked_for_and_do_not_count() -> None:
    mask = np.array([[1.0, 1.0, 0.0]])
    layer = build_layer(
        ZeroPadding1dConfig(padding=(1, 2)), input_shape=(3, 2), batch_size=1, mask=mask
    )
    x = generator(0, "x").normal(size=(1, 3, 2))
    y = layer.forward(x, training=True)
    assert np.array_equal(y, np.pad(x, ((0, 0), (1, 2), (0, 0))))
    assert layer.mask is not None
    assert layer.mask.tolist() == [[0, 1, 1, 0, 0, 0]]
    dy = generator(0, "dy").normal(size=y.shape)
    dx = layer.backward(dy.copy())
    assert dx is not None
    assert np.array_equal(dx, dy[:, 1:4])


def test_refuses_what_it_cannot_work_on() -> None:
    with pytest.raises(ShapeError, match="zero_padding1d expects sequences, shape"):
        ZeroPadding1dConfig().plan((9, 9, 4))
    with pytest.raises(ValidationError, match="padding"):
        ZeroPadding1dConfig.model_validate({"padding": [1, 2, 3]})
