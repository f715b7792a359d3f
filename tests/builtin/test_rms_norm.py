from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Shape
from layerkit.builtin.ones import OnesConfig
from layerkit.builtin.rms_norm import RmsNormConfig
from layerkit.contracts.traits import LayerTraits
from layerkit.errors import ShapeError
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer


@pytest.mark.parametrize("shape", [(7,), (1,), (3, 5), (2, 3, 5)])
@pytest.mark.parametrize("epsilon", [1e-6, 0.1])
def test_keeps_the_contract_of_layers(shape: Shape, epsilon: float) -> None:
    check_layer(RmsNormConfig(epsilon=epsilon), input_shape=shape)


@pytest.mark.parametrize("training", [True, False])
def test_divides_every_position_by_its_root_mean_square(training: bool) -> None:
    layer = build_layer(RmsNormConfig(epsilon=4.0), input_shape=(2, 2))
    layer.context.params["scale"].value[...] = (1, 10)
    y = layer.forward(np.array([[[4.0, 8.0], [0.0, 0.0]]]) * 0.5**0.5, training=training)
    # mean squares 20 and 0, with epsilon 24 and 4
    np.testing.assert_allclose(
        y, [[[4 * 0.5**0.5 / 24**0.5, 80 * 0.5**0.5 / 24**0.5], [0, 0]]], rtol=1e-14
    )


def test_gradients_are_those_worked_out_by_hand() -> None:
    layer = build_layer(RmsNormConfig(epsilon=0.5), input_shape=(2,))
    layer.context.params["scale"].value[...] = (1, 2)
    layer.forward(np.array([[2.0, 1.0]]) * 1.4**0.5, training=True)  # mean square 3.5, root 2
    dx = layer.backward(np.array([[4.0, 0.0]]))
    assert dx is not None
    # z = (1, 1/2) * sqrt(1.4), g = (4, 0), mean of g * z = 2 * sqrt(1.4)
    np.testing.assert_allclose(dx, [[(4 - 2 * 1.4) / 2, -1.4 / 2]], rtol=1e-14)
    np.testing.assert_allclose(layer.context.params["scale"].grad, [4 * 1.4**0.5, 0], rtol=1e-14)


def test_plans_a_scale_of_ones_that_does_not_decay() -> None:
    plan = RmsNormConfig().plan((28, 7))
    (scale,) = plan.params.values()
    assert plan.output == (28, 7)
    assert (scale.shape, scale.initializer, scale.decay) == ((7,), OnesConfig(), False)


def test_refuses_a_single_number() -> None:
    with pytest.raises(ShapeError, match=r"expects an axis of features.* found \(\)"):
        RmsNormConfig().plan(())


@pytest.mark.parametrize("epsilon", [0.0, -1e-5, "small"])
def test_epsilon_is_above_zero(epsilon: object) -> None:
    with pytest.raises(ValidationError, match="epsilon"):
        RmsNormConfig.model_validate({"epsilon": epsilon})


def test_warnings_know_that_outputs_are_of_one_size() -> None:
    assert RmsNormConfig().traits() == LayerTraits(rescales=True)
