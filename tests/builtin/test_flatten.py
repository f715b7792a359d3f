from __future__ import annotations

import numpy as np
import pytest

from layerkit.builtin.flatten import FlattenConfig
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer


def flatten_of(shape: tuple[int, ...], capacity: int) -> Layer[LayerConfig]:
    return build_layer(FlattenConfig(), input_shape=shape, batch_size=capacity)


@pytest.mark.parametrize("shape", [(), (7,), (3, 2), (3, 2, 4)])
def test_keeps_the_contract_of_layers(shape: tuple[int, ...]) -> None:
    check_layer("flatten", input_shape=shape)


def test_plans_one_axis_as_long_as_all_together() -> None:
    assert FlattenConfig().plan((28, 28, 3)).output == (2352,)
    assert FlattenConfig().plan((5,)).output == (5,)
    assert FlattenConfig().plan(()).output == (1,)


def test_the_last_axis_varies_fastest_and_comes_back_in_shape() -> None:
    flatten = flatten_of((2, 3), 2)
    y = flatten.forward(np.arange(12.0).reshape(2, 2, 3), training=True)
    assert y.tolist() == [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]
    dx = flatten.backward(y)
    assert dx is not None
    assert dx.tolist() == [[[0, 1, 2], [3, 4, 5]], [[6, 7, 8], [9, 10, 11]]]


def test_nothing_is_copied_either_way() -> None:
    flatten, x, dy = flatten_of((2, 3), 4), np.ones((3, 2, 3)), np.ones((3, 6))
    dx = flatten.backward(dy)
    assert dx is not None
    assert np.shares_memory(flatten.forward(x, training=True), x)
    assert np.shares_memory(dx, dy)
