from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Shape
from layerkit.builtin.permute import PermuteConfig
from layerkit.errors import ShapeError
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer


@pytest.mark.parametrize(
    ("axes", "shape"), [((0,), (5,)), ((1, 0), (2, 3)), ((1, 2, 0), (2, 3, 4)), ((0, 1), (2, 3))]
)
def test_keeps_the_contract_of_layers(axes: Shape, shape: Shape) -> None:
    check_layer(PermuteConfig(axes=axes), input_shape=shape)


def test_every_axis_of_the_output_is_the_one_named() -> None:
    config = PermuteConfig(axes=(1, 2, 0))
    assert config.plan((2, 3, 4)).output == (3, 4, 2)
    layer = build_layer(config, input_shape=(2, 3, 4), batch_size=5)
    x = np.random.default_rng(0).normal(size=(5, 2, 3, 4))
    y = layer.forward(x, training=True)
    np.testing.assert_array_equal(y, np.transpose(x, (0, 2, 3, 1)))
    assert y.flags.c_contiguous
    dx = layer.backward(y.copy())
    np.testing.assert_array_equal(dx, x)


@pytest.mark.parametrize("axes", [(1,), (0, 0), (1, 2), (-1, 0), ()])
def test_names_every_axis_once(axes: Shape) -> None:
    with pytest.raises(ValidationError, match="axes"):
        PermuteConfig(axes=axes)


def test_refuses_another_number_of_axes() -> None:
    with pytest.raises(ShapeError, match=r"as many axes as it names, 2; found \(4,\), which has 1"):
        PermuteConfig(axes=(1, 0)).plan((4,))


def test_a_mask_is_passed_on_where_steps_stay_the_first_axis() -> None:
    mask = np.ones((5, 3))
    for axes, expected in (((0, 2, 1), mask), ((1, 0, 2), None)):
        layer = build_layer(
            PermuteConfig(axes=axes), input_shape=(3, 3, 3), batch_size=5, mask=mask
        )
        assert layer.mask is expected
