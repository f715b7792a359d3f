from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Shape
from layerkit.builtin.ones import OnesConfig
from layerkit.builtin.scale import ScaleConfig
from layerkit.errors import ShapeError
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer


@pytest.mark.parametrize("shape", [(7,), (1,), (3, 5), (2, 3, 5)])
def test_keeps_the_contract_of_layers(shape: Shape) -> None:
    check_layer("scale", input_shape=shape)


def test_multiplies_every_feature_by_its_factor_and_learns_it() -> None:
    layer = build_layer(ScaleConfig(), input_shape=(2, 2))
    scale = layer.context.params["scale"]
    scale.value[...] = (2, -1)
    y = layer.forward(np.array([[[1.0, 2.0], [3.0, 4.0]]]), training=True)
    assert y.tolist() == [[[2.0, -2.0], [6.0, -4.0]]]
    dx = layer.backward(np.array([[[1.0, 10.0], [1.0, 1.0]]]))
    assert dx is not None
    assert dx.tolist() == [[[2.0, -10.0], [2.0, -1.0]]]
    assert scale.grad.tolist() == [4.0, 24.0]


def test_plans_factors_of_one_that_do_not_decay() -> None:
    scale = ScaleConfig().plan((28, 7)).params["scale"]
    assert (scale.shape, scale.initializer, scale.decay) == ((7,), OnesConfig(), False)


def test_refuses_a_single_number() -> None:
    with pytest.raises(ShapeError, match=r"expects an axis of features.* found \(\)"):
        ScaleConfig().plan(())
