from __future__ import annotations

import numpy as np
import pytest

from layerkit.builtin.flatten import Flatten, FlattenConfig
from layerkit.contracts.layer import LayerContext
from layerkit.randomness import generator
from layerkit.testing.layer import check_layer


def flatten_in_place(shape: tuple[int, ...], capacity: int) -> Flatten:
    config = FlattenConfig()
    room = np.zeros((capacity, *shape))
    context = LayerContext(
        shape,
        config.plan(shape).output,
        capacity,
        np.dtype(np.float64),
        {},
        {},
        generator(0, "unused"),
        room,
    )
    return Flatten(config, context)


@pytest.mark.parametrize("shape", [(), (7,), (3, 2), (3, 2, 4)])
def test_keeps_the_contract_of_layers(shape: tuple[int, ...]) -> None:
    check_layer("flatten", input_shape=shape)


def test_plans_one_axis_as_long_as_all_together() -> None:
    assert FlattenConfig().plan((28, 28, 3)).output == (2352,)
    assert FlattenConfig().plan((5,)).output == (5,)
    assert FlattenConfig().plan(()).output == (1,)


def test_the_last_axis_varies_fastest_and_comes_back_in_shape() -> None:
    flatten = flatten_in_place((2, 3), 2)
    y = flatten.forward(np.arange(12.0).reshape(2, 2, 3), training=True)
    assert y.tolist() == [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]
    dx = flatten.backward(y)
    assert dx is not None
    assert dx.tolist() == [[[0, 1, 2], [3, 4, 5]], [[6, 7, 8], [9, 10, 11]]]


def test_nothing_is_copied_either_way() -> None:
    flatten, x, dy = flatten_in_place((2, 3), 4), np.ones((3, 2, 3)), np.ones((3, 6))
    dx = flatten.backward(dy)
    assert dx is not None
    assert np.shares_memory(flatten.forward(x, training=True), x)
    assert np.shares_memory(dx, dy)
