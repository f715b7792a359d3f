from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Shape
from layerkit.builtin.group_norm import GroupNormConfig
from layerkit.builtin.layer_norm import LayerNormConfig
from layerkit.builtin.ones import OnesConfig
from layerkit.builtin.zeros import ZerosConfig
from layerkit.contracts.traits import LayerTraits
from layerkit.errors import ShapeError
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer


@pytest.mark.parametrize("shape", [(6,), (3, 6), (2, 3, 6)])
@pytest.mark.parametrize(("groups", "epsilon"), [(1, 1e-5), (2, 0.1), (6, 0.1)])
def test_keeps_the_contract_of_layers(shape: Shape, groups: int, epsilon: float) -> None:
    check_layer(GroupNormConfig(groups=groups, epsilon=epsilon), input_shape=shape)


@pytest.mark.parametrize("training", [True, False])
def test_normalizes_every_group_of_every_example_over_all_its_positions(training: bool) -> None:
    layer = build_layer(GroupNormConfig(groups=2, epsilon=1e-12), input_shape=(3, 4, 6))
    layer.context.params["scale"].value[...] = 1
    layer.context.params["shift"].value[...] = np.arange(6)
    x = np.random.default_rng(0).normal(3, 5, (2, 3, 4, 6))
    y = layer.forward(x, training=training)
    for group in (slice(0, 3), slice(3, 6)):
        values = x[..., group]
        mean = values.mean(axis=(1, 2, 3), keepdims=True)
        deviation = values.std(axis=(1, 2, 3), keepdims=True)
        expected = (values - mean) / deviation + np.arange(6)[group]
        np.testing.assert_allclose(y[..., group], expected, rtol=1e-10)


def test_one_group_of_a_row_is_layer_norm() -> None:
    group = build_layer(GroupNormConfig(groups=1), input_shape=(7,), seed=3)
    layer = build_layer(LayerNormConfig(), input_shape=(7,), seed=3)
    x, dy = np.random.default_rng(1).normal(size=(2, 4, 7))
    np.testing.assert_allclose(group.forward(x, training=True), layer.forward(x, training=True))
    found, expected = group.backward(dy.copy()), layer.backward(dy.copy())
    assert found is not None
    assert expected is not None
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_plans_a_scale_of_ones_and_a_shift_of_zeros_that_do_not_decay() -> None:
    plan = GroupNormConfig().plan((28, 64))
    scale, shift = plan.params["scale"], plan.params["shift"]
    assert plan.output == (28, 64)
    assert (scale.shape, scale.initializer, scale.decay) == ((64,), OnesConfig(), False)
    assert (shift.shape, shift.initializer, shift.decay) == ((64,), ZerosConfig(), False)


@pytest.mark.parametrize("shape", [(), (6,), (64, 6)])
def test_refuses_channels_that_groups_do_not_divide(shape: Shape) -> None:
    with pytest.raises(ShapeError, match=r"a multiple of groups = 4, shape .* found \(") as caught:
        GroupNormConfig(groups=4).plan(shape)
    assert caught.value.at == ("groups",)


@pytest.mark.parametrize(("key", "value"), [("groups", 0), ("groups", 2.0), ("epsilon", 0.0)])
def test_options_are_above_zero(key: str, value: float) -> None:
    with pytest.raises(ValidationError, match=key):
        GroupNormConfig.model_validate({key: value})


def test_warnings_know_that_outputs_are_of_one_size() -> None:
    assert GroupNormConfig().traits() == LayerTraits(rescales=True)
