from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Shape
from layerkit.builtin.reshape import ReshapeConfig
from layerkit.errors import ShapeError
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer


@pytest.mark.parametrize(
    ("shape", "target"),
    [((6,), (2, 3)), ((2, 3), (-1,)), ((2, 2, 3), (3, -1)), ((), (1, 1)), ((7,), (7,))],
)
def test_keeps_the_contract_of_layers(shape: Shape, target: Shape) -> None:
    check_layer(ReshapeConfig(shape=target), input_shape=shape)


@pytest.mark.parametrize(
    ("shape", "target", "output"),
    [((6,), (2, 3), (2, 3)), ((2, 6), (3, -1), (3, 4)), ((2, 6), (-1,), (12,))],
)
def test_minus_one_is_as_long_as_the_values_make_it(
    shape: Shape, target: Shape, output: Shape
) -> None:
    assert ReshapeConfig(shape=target).plan(shape).output == output


def test_values_keep_their_order_and_come_back_in_shape() -> None:
    layer = build_layer(ReshapeConfig(shape=(3, 2)), input_shape=(6,), batch_size=2)
    x = np.arange(12.0).reshape(2, 6)
    y = layer.forward(x, training=True)
    assert y.tolist() == [[[0, 1], [2, 3], [4, 5]], [[6, 7], [8, 9], [10, 11]]]
    assert np.shares_memory(x, y)
    dx = layer.backward(y)
    assert dx is not None
    assert dx.tolist() == x.tolist()


@pytest.mark.parametrize(("target", "shape"), [((2, 2), (6,)), ((4, -1), (2, 3)), ((3,), (6,))])
def test_refuses_a_shape_that_holds_another_number_of_values(target: Shape, shape: Shape) -> None:
    with pytest.raises(ShapeError, match=r"as many values as go into \[.*which has 6") as caught:
        ReshapeConfig(shape=target).plan(shape)
    assert caught.value.at == ("shape",)


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ((-1, -1), "at most once"),
        ((0, 2), "from 1, or -1"),
        ((-2,), "from 1, or -1"),
        ((), "shape"),
    ],
)
def test_lengths_are_from_one_or_minus_one_once(target: Shape, found: str) -> None:
    with pytest.raises(ValidationError, match=found):
        ReshapeConfig(shape=target)
