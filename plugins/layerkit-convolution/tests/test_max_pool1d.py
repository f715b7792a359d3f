from __future__ import annotations

import numpy as np
import pytest
from layerkit_convolution.max_pool1d import MaxPool1dConfig
from pydantic import ValidationError

from layerkit.plugin import ShapeError
from layerkit.testing import check_layer
from layerkit.testing.build import build_layer


@pytest.mark.parametrize(
    "options",
    [{}, {"size": 3, "padding": "same"}, {"size": 3, "stride": 2, "padding": 2}, {"stride": 3}],
)
@pytest.mark.parametrize("channels", [1, 3])
def test_keeps_the_contract_of_layers(options: dict[str, object], channels: int) -> None:
    check_layer({"type": "max_pool1d", **options}, input_shape=(7, channels))


def test_takes_the_largest_of_two_steps_and_gives_the_first_the_gradient() -> None:
    layer = build_layer(MaxPool1dConfig(), input_shape=(5, 1), batch_size=1)
    y = layer.forward(np.array([[[1.0], [2.0], [4.0], [4.0], [9.0]]]), training=True)
    assert y.reshape(-1).tolist() == [2, 4]
    dx = layer.backward(np.array([[[10.0], [20.0]]]))
    assert dx is not None
    assert dx.reshape(-1).tolist() == [0, 10, 20, 0, 0]


def test_steps_that_do_not_count_are_never_the_largest() -> None:
    mask = np.array([[1.0, 0.0, 0.0, 0.0]])
    layer = build_layer(MaxPool1dConfig(), input_shape=(4, 1), batch_size=1, mask=mask)
    y = layer.forward(np.array([[[-3.0], [9.0], [9.0], [9.0]]]), training=True)
    assert y.reshape(-1).tolist() == [-3, 0]
    assert layer.mask is not None
    assert layer.mask.tolist() == [[1, 0]]
    dx = layer.backward(np.ones((1, 2, 1)))
    assert dx is not None
    assert dx.reshape(-1).tolist() == [1, 0, 0, 0]


def test_refuses_what_it_cannot_work_on() -> None:
    with pytest.raises(ShapeError, match="max_pool1d expects sequences, shape"):
        MaxPool1dConfig().plan((9, 9, 4))
    with pytest.raises(ShapeError, match="max_pool1d expects sequences of at least 3 steps"):
        MaxPool1dConfig(size=3).plan((2, 4))
    with pytest.raises(ValidationError, match="less padding"):
        MaxPool1dConfig(padding=2)
