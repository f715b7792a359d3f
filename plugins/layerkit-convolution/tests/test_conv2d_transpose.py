from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from layerkit_convolution.conv2d import Conv2dConfig
from layerkit_convolution.conv2d_transpose import Conv2dTransposeConfig
from pydantic import ValidationError

from layerkit.plugin import Fan, ShapeError
from layerkit.testing import check_layer
from layerkit.testing.build import build_layer


@pytest.mark.parametrize(
    "options",
    [
        {"kernel_size": 3},
        {"kernel_size": [3, 2], "stride": [2, 3], "padding": [1, 0], "output_padding": [1, 2]},
        {"kernel_size": 3, "stride": 2, "padding": "same", "groups": 2},
        {"kernel_size": 2, "dilation": 2, "stride": 3, "parametrization": "ntk"},
        {"kernel_size": 2, "stride": 3, "bias": False},
    ],
)
def test_keeps_the_contract_of_layers(options: dict[str, object]) -> None:
    check_layer({"type": "conv2d_transpose", "filters": 4, **options}, input_shape=(3, 2, 4))


def test_spreads_every_pixel_over_a_window() -> None:
    config = Conv2dTransposeConfig(filters=1, kernel_size=2, stride=(1, 2))
    layer = build_layer(config, input_shape=(1, 2, 1), batch_size=1)
    layer.context.params["weight"].value[...] = np.array([1.0, 2.0, 3.0, 4.0]).reshape(2, 2, 1, 1)
    layer.context.params["bias"].value[...] = 0.5
    y = layer.forward(np.array([[[[1.0], [10.0]]]]), training=True)
    assert y.reshape(2, 4).tolist() == [[1.5, 2.5, 10.5, 20.5], [3.5, 4.5, 30.5, 40.5]]


def test_windows_that_overlap_are_added_up() -> None:
    config = Conv2dTransposeConfig(filters=1, kernel_size=(1, 3), bias=False)
    layer = build_layer(config, input_shape=(1, 2, 1), batch_size=1)
    layer.context.params["weight"].value[...] = np.array([1.0, 2.0, 3.0]).reshape(1, 3, 1, 1)
    y = layer.forward(np.array([[[[1.0], [10.0]]]]), training=True)
    assert y.reshape(-1).tolist() == [1, 12, 23, 30]


def test_same_padding_makes_the_stride_times_the_input() -> None:
    for kernel, stride, dilation in product(range(1, 5), range(1, 5), (1, 2)):
        config = Conv2dTransposeConfig(
            filters=2, kernel_size=kernel, stride=stride, padding="same", dilation=dilation
        )
        assert config.plan((3, 5, 1)).output == (3 * stride, 5 * stride, 2)


def test_the_output_is_the_input_of_a_convolution_that_makes_the_input() -> None:
    numbers = product(range(1, 4), range(1, 4), range(3), range(3), (1, 2))
    for kernel, stride, zeros, more, dilation in numbers:
        reach = (kernel - 1) * dilation + 1
        if zeros >= reach or more >= stride:
            continue
        config = Conv2dTransposeConfig(
            filters=1,
            kernel_size=kernel,
            stride=stride,
            padding=zeros,
            output_padding=more,
            dilation=dilation,
        )
        height, width, _ = config.plan((6, 7, 1)).output
        assert height == 5 * stride + reach - 2 * zeros + more
        options = {"kernel_size": kernel, "stride": stride, "padding": zeros, "dilation": dilation}
        back = Conv2dConfig.model_validate({"filters": 1, **options})
        assert back.plan((height, width, 1)).output == (6, 7, 1)


def test_plans_the_inputs_that_reach_an_output() -> None:
    config = Conv2dTransposeConfig(filters=8, kernel_size=(4, 3), stride=2, groups=2)
    plan = config.plan((5, 5, 6))
    assert plan.output == (12, 11, 8)
    assert plan.params["weight"].shape == (4, 3, 4, 6)
    assert plan.params["weight"].fan == Fan(2 * 2 * 3, 4 * 3 * 4)
    assert plan.params["bias"].shape == (8,)


def test_refuses_what_it_cannot_work_on() -> None:
    with pytest.raises(ShapeError, match="conv2d_transpose expects images, shape"):
        Conv2dTransposeConfig(filters=1, kernel_size=3).plan((9, 4))
    with pytest.raises(ShapeError, match="expects a multiple of 2 channels; found 3"):
        Conv2dTransposeConfig(filters=2, kernel_size=3, groups=2).plan((9, 4, 3))
    with pytest.raises(ShapeError, match=r"found an output of -1 by 1 pixels for \(1, 3, 1\)"):
        Conv2dTransposeConfig(filters=2, kernel_size=3, padding=2).plan((1, 3, 1))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"padding": 3}, "less padding"),
        ({"output_padding": 2, "stride": 2}, "expected output_padding less than the stride 2"),
        ({"output_padding": [0, 1], "stride": [2, 1]}, "expected output_padding less than"),
        ({"output_padding": 1, "stride": 2, "padding": "same"}, "expected no output_padding"),
        ({"filters": 3, "groups": 2}, "a multiple of groups = 2"),
        ({"padding": "causal"}, "padding"),
    ],
)
def test_refuses_numbers_that_do_not_fit(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Conv2dTransposeConfig.model_validate({"filters": 2, "kernel_size": 3, **options})
