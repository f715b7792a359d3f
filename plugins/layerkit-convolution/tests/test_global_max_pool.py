from __future__ import annotations

import numpy as np
import pytest
from layerkit_convolution.global_max_pool import GlobalMaxPoolConfig

from layerkit.plugin import Shape, ShapeError, generator
from layerkit.testing import check_layer
from layerkit.testing.build import build_layer


@pytest.mark.parametrize("shape", [(5, 4, 3), (7, 3), (2, 2, 2, 3), (1, 1)])
def test_keeps_the_contract_of_layers(shape: Shape) -> None:
    check_layer("global_max_pool", input_shape=shape)


def test_is_the_largest_over_all_positions() -> None:
    layer = build_layer(GlobalMaxPoolConfig(), input_shape=(4, 5, 2), batch_size=3)
    x = generator(0, "x").normal(size=(3, 4, 5, 2))
    assert np.array_equal(layer.forward(x, training=True), x.max(axis=(1, 2)))


def test_of_equal_values_the_first_gets_all_of_the_gradient() -> None:
    layer = build_layer(GlobalMaxPoolConfig(), input_shape=(4, 1), batch_size=1)
    layer.forward(np.array([[[1.0], [5.0], [5.0], [2.0]]]), training=True)
    dx = layer.backward(np.array([[3.0]]))
    assert dx is not None
    assert dx.reshape(-1).tolist() == [0, 3, 0, 0]


def test_of_a_masked_sequence_it_is_the_largest_of_the_steps_that_count() -> None:
    mask = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
    layer = build_layer(GlobalMaxPoolConfig(), input_shape=(3, 1), batch_size=3, mask=mask)
    x = np.array([-2.0, -4.0, 9.0]).reshape(1, 3, 1).repeat(3, axis=0)
    assert layer.forward(x, training=True).reshape(-1).tolist() == [-2, 9, 0]
    dx = layer.backward(np.full((3, 1), 6.0))
    assert dx is not None
    assert dx[..., 0].tolist() == [[6, 0, 0], [0, 0, 6], [0, 0, 0]]
    assert layer.mask is None


def test_of_a_masked_sequence_of_rows_it_is_the_largest_of_the_rows_that_count() -> None:
    mask = np.array([[1.0, 0.0, 1.0]])
    layer = build_layer(GlobalMaxPoolConfig(), input_shape=(3, 2, 1), batch_size=1, mask=mask)
    x = np.array([[1.0, 2.0], [9.0, 9.0], [3.0, 6.0]]).reshape(1, 3, 2, 1)
    assert layer.forward(x, training=True).tolist() == [[6]]


def test_refuses_what_has_no_positions() -> None:
    with pytest.raises(ShapeError, match=r"global_max_pool expects .* found \(9,\)"):
        GlobalMaxPoolConfig().plan((9,))
