from __future__ import annotations

import numpy as np
import pytest
from layerkit_convolution.conv1d import Conv1dConfig
from layerkit_convolution.conv2d import Conv2dConfig
from pydantic import ValidationError

from layerkit.plugin import Fan, ShapeError, generator
from layerkit.testing import check_layer
from layerkit.testing.build import build_layer


@pytest.mark.parametrize(
    "options",
    [
        {"kernel_size": 3},
        {"kernel_size": 3, "padding": "causal", "dilation": 2},
        {"kernel_size": 2, "stride": 2, "padding": "same", "groups": 2, "bias": False},
        {"kernel_size": 3, "padding": 2, "parametrization": "ntk"},
    ],
)
def test_keeps_the_contract_of_layers(options: dict[str, object]) -> None:
    check_layer({"type": "conv1d", "filters": 4, **options}, input_shape=(7, 4))


def test_slides_the_kernel_along_the_steps_without_turning_it_round() -> None:
    layer = build_layer(Conv1dConfig(filters=1, kernel_size=2), input_shape=(3, 1), batch_size=1)
    layer.context.params["weight"].value[...] = np.array([1.0, 10.0]).reshape(2, 1, 1)
    layer.context.params["bias"].value[...] = 0.5
    y = layer.forward(np.array([[[1.0], [2.0], [3.0]]]), training=True)
    assert y.tolist() == [[[21.5], [32.5]]]


def test_is_a_convolution_of_an_image_of_one_row() -> None:
    own = Conv1dConfig(filters=3, kernel_size=3, stride=2, padding=1)
    other = Conv2dConfig(filters=3, kernel_size=(1, 3), stride=(1, 2), padding=(0, 1))
    first = build_layer(own, input_shape=(8, 2), batch_size=4)
    second = build_layer(other, input_shape=(1, 8, 2), batch_size=4)
    for name in ("weight", "bias"):
        value = second.context.params[name].value
        value[...] = first.context.params[name].value.reshape(value.shape)
    x = generator(0, "x").normal(size=(4, 8, 2))
    expected = second.forward(x[:, np.newaxis], training=True)
    assert np.array_equal(first.forward(x, training=True), expected[:, 0])


def test_a_causal_output_sees_no_step_after_its_own() -> None:
    config = Conv1dConfig(filters=2, kernel_size=3, dilation=2, padding="causal")
    layer = build_layer(config, input_shape=(9, 2), batch_size=1)
    x = generator(0, "x").normal(size=(1, 9, 2))
    before = layer.forward(x, training=False).copy()
    x[:, 5:] += 1
    after = layer.forward(x, training=False)
    assert np.array_equal(before[:, :5], after[:, :5])
    assert not np.any(before[:, 5:] == after[:, 5:])


def test_a_masked_sequence_is_treated_as_a_shorter_one() -> None:
    config = Conv1dConfig(filters=3, kernel_size=3, padding="same")
    mask = np.array([[1.0, 1.0, 1.0, 0.0, 0.0]])
    masked = build_layer(config, input_shape=(5, 2), batch_size=1, mask=mask)
    short = build_layer(config, input_shape=(3, 2), batch_size=1)
    x, dy = generator(0, "x").normal(size=(1, 5, 2)), generator(0, "dy").normal(size=(1, 5, 3))
    dy[:, 3:] = 0
    y = masked.forward(x, training=True)
    np.testing.assert_allclose(
        y[:, :3], short.forward(x[:, :3].copy(), training=True), rtol=1e-13, atol=1e-13
    )
    assert masked.mask is not None
    assert masked.mask.tolist() == mask.tolist()
    dx, own_dx = masked.backward(dy.copy()), short.backward(dy[:, :3].copy())
    assert dx is not None
    assert own_dx is not None
    np.testing.assert_allclose(dx[:, :3], own_dx, rtol=1e-13, atol=1e-13)
    assert not dx[:, 3:].any()
    weight = masked.context.params["weight"].grad
    expected = short.context.params["weight"].grad
    np.testing.assert_allclose(weight, expected, rtol=1e-13, atol=1e-13)


def test_with_a_stride_a_step_counts_where_the_step_of_its_window_does() -> None:
    config = Conv1dConfig(filters=1, kernel_size=2, stride=2)
    mask = np.array([[1.0, 1.0, 1.0, 0.0, 0.0, 0.0]])
    layer = build_layer(config, input_shape=(6, 1), batch_size=1, mask=mask)
    layer.forward(np.ones((1, 6, 1)), training=True)
    assert layer.mask is not None
    assert layer.mask.tolist() == [[1, 1, 0]]


def test_plans_weight_and_bias_with_the_connections_of_a_window() -> None:
    plan = Conv1dConfig(filters=8, kernel_size=5, groups=2, stride=2).plan((28, 6))
    assert plan.output == (12, 8)
    assert plan.params["weight"].shape == (5, 3, 8)
    assert plan.params["weight"].fan == Fan(5 * 3, 5 * 4)
    assert plan.params["bias"].shape == (8,)


def test_refuses_what_it_cannot_work_on() -> None:
    with pytest.raises(ShapeError, match=r"conv1d expects sequences, .* found \(28, 28, 1\)"):
        Conv1dConfig(filters=1, kernel_size=3).plan((28, 28, 1))
    with pytest.raises(ShapeError, match="at least 5 steps, the size of its windows; found 4 with"):
        Conv1dConfig(filters=1, kernel_size=3, dilation=2).plan((4, 1))
    with pytest.raises(ShapeError, match="expects a multiple of 2 channels; found 3"):
        Conv1dConfig(filters=2, kernel_size=1, groups=2).plan((4, 3))


@pytest.mark.parametrize(
    "options",
    [{"filters": 3, "groups": 2}, {"padding": 3}, {"kernel_size": [3]}, {"padding": "full"}],
)
def test_refuses_numbers_that_do_not_fit(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Conv1dConfig.model_validate({"filters": 2, "kernel_size": 3, **options})
