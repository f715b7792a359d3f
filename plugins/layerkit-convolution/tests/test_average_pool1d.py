from __future__ import annotations

import numpy as np
import pytest
from layerkit_convolution.average_pool1d import AveragePool1dConfig
from pydantic import ValidationError

from layerkit.plugin import ShapeError
from layerkit.testing import check_layer
from layerkit.testing.build import build_layer


@pytest.mark.parametrize(
    "options",
    [{}, {"size": 3, "padding": "same"}, {"size": 3, "padding": 2, "count_padding": True}],
)
def test_keeps_the_contract_of_layers(options: dict[str, object]) -> None:
    check_layer({"type": "average_pool1d", **options}, input_shape=(7, 3))


def test_takes_the_mean_and_gives_every_step_a_share_of_the_gradient() -> None:
    layer = build_layer(AveragePool1dConfig(), input_shape=(5, 1), batch_size=1)
    y = layer.forward(np.array([[[1.0], [2.0], [4.0], [6.0], [9.0]]]), training=True)
    assert y.reshape(-1).tolist() == [1.5, 5]
    dx = layer.backward(np.array([[[10.0], [20.0]]]))
    assert dx is not None
    assert dx.reshape(-1).tolist() == [5, 5, 10, 10, 0]


@pytest.mark.parametrize(("counts", "first"), [(False, 3.0), (True, 2.0)])
def test_the_mean_is_over_zeros_of_the_padding_if_asked(counts: bool, first: float) -> None:
    config = AveragePool1dConfig(size=3, stride=3, padding=1, count_padding=counts)
    layer = build_layer(config, input_shape=(2, 1), batch_size=1)
    assert layer.forward(np.array([[[2.0], [4.0]]]), training=True).item() == first


def test_the_mean_is_over_steps_that_count() -> None:
    mask = np.array([[1.0, 1.0, 1.0, 0.0, 0.0, 0.0], [1.0] * 6])
    layer = build_layer(AveragePool1dConfig(), input_shape=(6, 1), batch_size=2, mask=mask)
    x = np.array([2.0, 4.0, 6.0, 9.0, 9.0, 7.0]).reshape(1, 6, 1).repeat(2, axis=0)
    y = layer.forward(x, training=True)
    assert y[..., 0].tolist() == [[3, 6, 0], [3, 7.5, 8]]
    assert layer.mask is not None
    assert layer.mask.tolist() == [[1, 1, 0], [1, 1, 1]]
    dx = layer.backward(np.full((2, 3, 1), 8.0))
    assert dx is not None
    assert dx[..., 0].tolist() == [[4, 4, 8, 0, 0, 0], [4] * 6]


def test_refuses_what_it_cannot_work_on() -> None:
    with pytest.raises(ShapeError, match="average_pool1d expects sequences, shape"):
        AveragePool1dConfig().plan((9, 9, 4))
    with pytest.raises(ShapeError, match="average_pool1d expects sequences of at least 3 steps"):
        AveragePool1dConfig(size=3).plan((2, 4))
    with pytest.raises(ValidationError, match="less padding"):
        AveragePool1dConfig(padding=2)
