from __future__ import annotations

import numpy as np
import pytest
from layerkit_activations.softmax import SoftmaxConfig

from layerkit.plugin import LayerTraits, ShapeError
from layerkit.testing import build_layer, check_layer
from layerkit.testing.sampling import FLOAT32


@pytest.mark.parametrize("shape", [(7,), (1,), (3, 5), (3, 2, 2)])
def test_keeps_the_contract_of_layers(shape: tuple[int, ...]) -> None:
    check_layer("softmax", input_shape=shape)


def test_every_position_sums_to_1() -> None:
    layer = build_layer(SoftmaxConfig(), input_shape=(2, 3), batch_size=1)
    x = np.log([[[1.0, 2.0, 5.0], [2.0, 2.0, 4.0]]])
    y = layer.forward(x, training=True)
    np.testing.assert_allclose(y, [[[1 / 8, 2 / 8, 5 / 8], [1 / 4, 1 / 4, 1 / 2]]], rtol=1e-14)
    dx = layer.backward(np.array([[[8.0, 0.0, 0.0], [0.0, 0.0, 4.0]]]))
    assert dx is not None
    # y * (dy - sum(y * dy)), where the sums are 1 and 2
    np.testing.assert_allclose(dx, [[[7 / 8, -2 / 8, -5 / 8], [-1 / 2, -1 / 2, 1]]], rtol=1e-14)


def test_is_right_far_from_0_in_float32() -> None:
    layer = build_layer(SoftmaxConfig(), input_shape=(2,), batch_size=4, dtype=FLOAT32)
    x = np.array([[1e3, -1e3], [-1e30, 1e30], [1e30, 1e30], [-1e3, -1e3]], np.float32)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        y = layer.forward(x, training=True)
        assert y.tolist() == [[1, 0], [0, 1], [0.5, 0.5], [0.5, 0.5]]
        dx = layer.backward(np.ones_like(x))
    assert dx is not None
    assert dx.tolist() == [[0, 0]] * 4


def test_refuses_a_single_number() -> None:
    with pytest.raises(ShapeError, match=r"expects an axis of features.* found \(\)"):
        SoftmaxConfig().plan(())


def test_warnings_know_that_outputs_are_probabilities() -> None:
    assert SoftmaxConfig().traits() == LayerTraits(outputs="probabilities", initializer="xavier")
