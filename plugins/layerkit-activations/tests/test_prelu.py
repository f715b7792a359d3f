from __future__ import annotations

import numpy as np
import pytest
from layerkit_activations.prelu import PreluConfig

from layerkit.initializers import Constant
from layerkit.plugin import ShapeError
from layerkit.testing import build_layer, check_layer, curve
from layerkit.testing.sampling import FLOAT32


@pytest.mark.parametrize("shape", [(7,), (1,), (3, 2, 2)])
@pytest.mark.parametrize("shared", [True, False])
def test_keeps_the_contract_of_layers(shape: tuple[int, ...], shared: bool) -> None:
    check_layer(PreluConfig(shared=shared), input_shape=shape)


def test_every_feature_has_a_slope_below_0_and_learns_it() -> None:
    layer = build_layer(PreluConfig(), input_shape=(2, 2), batch_size=1)
    slope = layer.context.params["slope"]
    slope.value[...] = (0.5, -2)
    y = layer.forward(np.array([[[-1.0, -2.0], [3.0, -4.0]]]), training=True)
    assert y.tolist() == [[[-0.5, 4.0], [3.0, 8.0]]]
    dx = layer.backward(np.array([[[1.0, 10.0], [1.0, 1.0]]]))
    assert dx is not None
    assert dx.tolist() == [[[0.5, -20.0], [1.0, -2.0]]]
    assert slope.grad.tolist() == [-1.0, -24.0]


def test_a_shared_slope_learns_from_all_features() -> None:
    layer = build_layer(PreluConfig(shared=True), input_shape=(2,), batch_size=2)
    slope = layer.context.params["slope"]
    slope.value[...] = 0.5
    y = layer.forward(np.array([[-1.0, -2.0], [3.0, -4.0]]), training=True)
    assert y.tolist() == [[-0.5, -1.0], [3.0, -2.0]]
    layer.backward(np.array([[1.0, 10.0], [1.0, 1.0]]))
    assert slope.grad.tolist() == [-25.0]


def test_the_derivative_at_0_is_the_slope() -> None:
    layer = build_layer(PreluConfig(), input_shape=(1,), batch_size=1)
    layer.context.params["slope"].value[...] = 0.5
    layer.forward(np.zeros((1, 1)), training=True)
    dx = layer.backward(np.ones((1, 1)))
    assert dx is not None
    assert dx.tolist() == [[0.5]]


def test_plans_slopes_of_a_quarter_that_do_not_decay() -> None:
    slope = PreluConfig().plan((28, 7)).params["slope"]
    assert (slope.shape, slope.initializer, slope.decay) == ((7,), Constant(value=0.25), False)
    assert PreluConfig(shared=True).plan((28, 7)).params["slope"].shape == (1,)


def test_is_right_far_from_0_in_float32() -> None:
    y, slope = curve("prelu", [1e3, 1e30], dtype=FLOAT32)
    assert y.tolist() == pytest.approx([1e3, 1e30])
    assert slope.tolist() == [1.0, 1.0]
    y, slope = curve({"type": "prelu", "shared": True}, [-1e3, -1e30], dtype=FLOAT32)
    assert y[0] == pytest.approx(-1e3 * float(slope[0]))
    assert y[1] == pytest.approx(-1e30 * float(slope[1]))


def test_refuses_a_single_number() -> None:
    with pytest.raises(ShapeError, match=r"expects an axis of features.* found \(\)"):
        PreluConfig().plan(())
