from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.activity_regularization import ActivityRegularizationConfig
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer


@pytest.mark.parametrize("shape", [(7,), (3, 2, 2), ()])
@pytest.mark.parametrize("strengths", [(0.1, 0.0), (0.0, 0.3), (0.1, 0.3)])
def test_keeps_the_contract_of_layers(
    shape: tuple[int, ...], strengths: tuple[float, float]
) -> None:
    l1, l2 = strengths
    check_layer({"type": "activity_regularization", "l1": l1, "l2": l2}, input_shape=shape)


def test_keeps_it_within_a_composite() -> None:
    inner: list[object] = [
        {"type": "dense", "units": 3},
        {"type": "activity_regularization", "l2": 1.0},
    ]
    check_layer({"type": "residual", "layers": inner}, input_shape=(3,))


def test_the_penalty_is_a_mean_over_the_examples_of_the_batch() -> None:
    config = ActivityRegularizationConfig(l1=0.5, l2=3.0)
    layer = build_layer(config, input_shape=(2,), batch_size=2)
    layer.context.memory.added_loss.start(2)
    x = np.array([[1.0, -2.0], [0.0, 4.0]])
    assert layer.forward(x, training=True) is x
    expected = (0.5 * (1 + 2 + 4) + 1.5 * (1 + 4 + 16)) / 2
    assert layer.context.memory.added_loss.total == pytest.approx(expected)
    dx = layer.backward(np.ones((2, 2)))
    assert dx is not None
    expected_dx = np.ones((2, 2)) + (0.5 * np.array([[1, -1], [0, 1]]) + 3 * x) / 2
    np.testing.assert_allclose(dx, expected_dx, rtol=1e-15)


def test_steps_that_a_mask_leaves_out_do_not_count() -> None:
    mask = np.array([[1.0, 0.0], [1.0, 1.0]])
    config = ActivityRegularizationConfig(l1=1.0, l2=2.0)
    layer = build_layer(config, input_shape=(2, 3), batch_size=2, mask=mask)
    layer.context.memory.added_loss.start(2)
    x = np.full((2, 2, 3), -2.0)
    layer.forward(x, training=True)
    assert layer.context.memory.added_loss.total == pytest.approx(9 * (2 + 4) / 2)
    dx = layer.backward(np.zeros((2, 2, 3)))
    assert dx is not None
    np.testing.assert_array_equal(dx, (-1 - 4) / 2 * mask[..., np.newaxis] * np.ones(3))


def test_evaluation_adds_nothing() -> None:
    layer = build_layer(ActivityRegularizationConfig(l1=1.0), input_shape=(2,))
    layer.forward(np.ones((2, 2)), training=False)
    assert layer.context.memory.added_loss.total == 0


@pytest.mark.parametrize("options", [{}, {"l1": 0.0}, {"l1": -1.0}, {"l2": "much"}])
def test_a_strength_is_above_zero(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ActivityRegularizationConfig.model_validate(options)
