"""Convolutions, pooling and upsampling do what PyTorch's do, channels moved to the front."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import pytest
import torch
from torch import nn
from torch.nn import functional

from layerkit.arrays import Shape
from tests.parity import one_layer
from tests.parity.one_layer import DTYPES, Theirs

IMAGE, SEQUENCE = (9, 7, 4), (11, 4)

Options: TypeAlias = dict[str, object]


def compare(table: Options, shape: Shape, dtype: str, theirs: Theirs) -> None:
    """Compare with functions of inputs and outputs whose channels are in front."""
    one_layer.compare(
        table,
        shape,
        dtype,
        lambda x, params: theirs(x.movedim(-1, 1), params).movedim(1, -1),
    )


def first(weight: torch.Tensor) -> torch.Tensor:
    """Return a weight ``(..., channels, filters)`` as PyTorch has it."""
    return weight.movedim((-1, -2), (0, 1))


@pytest.mark.filterwarnings("ignore:Using padding='same'")  # it says that it makes a copy
@DTYPES
@pytest.mark.parametrize(
    "options",
    [
        {"kernel_size": 3},
        {"kernel_size": (3, 2), "stride": (2, 3), "padding": (1, 0)},
        {"kernel_size": 3, "padding": "same", "bias": False},
        {"kernel_size": (2, 4), "padding": "same", "dilation": (3, 1)},
        {"kernel_size": 3, "stride": 2, "padding": 2, "dilation": 2, "groups": 2},
        {"kernel_size": 2, "groups": 4},
    ],
)
def test_conv2d(options: Options, dtype: str) -> None:
    names = ("stride", "padding", "dilation", "groups")

    def theirs(x: torch.Tensor, params: Mapping[str, torch.Tensor]) -> torch.Tensor:
        given = {name: options[name] for name in names if name in options}
        weight = first(params["weight"])
        return functional.conv2d(x, weight, params.get("bias"), **given)

    compare({"type": "conv2d", "filters": 8, **options}, IMAGE, dtype, theirs)


@DTYPES
@pytest.mark.parametrize(
    "options",
    [
        {"kernel_size": 3},
        {"kernel_size": 4, "stride": 3, "padding": 2},
        {"kernel_size": 4, "padding": "same", "dilation": 2},
        {"kernel_size": 3, "padding": 1, "groups": 2, "bias": False},
    ],
)
def test_conv1d(options: Options, dtype: str) -> None:
    names = ("stride", "padding", "dilation", "groups")

    def theirs(x: torch.Tensor, params: Mapping[str, torch.Tensor]) -> torch.Tensor:
        given = {name: options[name] for name in names if name in options}
        return functional.conv1d(x, first(params["weight"]), params.get("bias"), **given)

    compare({"type": "conv1d", "filters": 8, **options}, SEQUENCE, dtype, theirs)


def test_same_padding_with_a_stride_is_that_of_tensorflow() -> None:
    """PyTorch refuses it. 9 rows by 2 take 3 zeros for windows of 4, 7 columns 1 for those of 2."""

    def theirs(x: torch.Tensor, params: Mapping[str, torch.Tensor]) -> torch.Tensor:
        padded = functional.pad(x, (0, 1, 1, 2))
        return functional.conv2d(padded, first(params["weight"]), params["bias"], stride=2)

    table: Options = {"type": "conv2d", "filters": 3, "kernel_size": (4, 2), "stride": 2}
    compare({**table, "padding": "same"}, IMAGE, "float64", theirs)


def test_causal_padding_is_at_the_start() -> None:
    def theirs(x: torch.Tensor, params: Mapping[str, torch.Tensor]) -> torch.Tensor:
        padded = functional.pad(x, (4, 0))
        return functional.conv1d(padded, first(params["weight"]), params["bias"], dilation=2)

    table: Options = {"type": "conv1d", "filters": 3, "kernel_size": 3, "dilation": 2}
    compare({**table, "padding": "causal"}, SEQUENCE, "float64", theirs)


def test_ntk_divides_the_weight_by_the_root_of_its_inputs() -> None:
    """PyTorch has none; the same is written out with its functions."""

    def conv2d(x: torch.Tensor, params: Mapping[str, torch.Tensor]) -> torch.Tensor:
        return functional.conv2d(x, first(params["weight"]) / (3 * 3 * 4) ** 0.5, params["bias"])

    def transposed(x: torch.Tensor, params: Mapping[str, torch.Tensor]) -> torch.Tensor:
        weight = first(params["weight"]) / (2 * 2 * 4) ** 0.5  # ceil(3 / 2) windows overlap
        return functional.conv_transpose2d(x, weight, params["bias"], stride=2)

    options: Options = {"filters": 8, "kernel_size": 3, "parametrization": "ntk"}
    compare({"type": "conv2d", **options}, IMAGE, "float64", conv2d)
    compare({"type": "conv2d_transpose", "stride": 2, **options}, IMAGE, "float64", transposed)


@DTYPES
@pytest.mark.parametrize("multiplier", [1, 3])
def test_depthwise_convolution_is_one_in_groups_of_one_channel(multiplier: int, dtype: str) -> None:
    def conv2d(x: torch.Tensor, params: Mapping[str, torch.Tensor]) -> torch.Tensor:
        weight = params["weight"].reshape(3, 2, 1, 4 * multiplier)
        return functional.conv2d(
            x, first(weight), params["bias"], stride=2, padding=1, groups=4, dilation=2
        )

    def conv1d(x: torch.Tensor, params: Mapping[str, torch.Tensor]) -> torch.Tensor:
        weight = params["weight"].reshape(3, 1, 4 * multiplier)
        return functional.conv1d(
            x, first(weight), params["bias"], stride=2, padding=1, groups=4, dilation=2
        )

    options: Options = {"multiplier": multiplier, "stride": 2, "padding": 1, "dilation": 2}
    table: Options = {"type": "depthwise_conv2d", "kernel_size": (3, 2), **options}
    compare(table, IMAGE, dtype, conv2d)
    compare({"type": "depthwise_conv1d", "kernel_size": 3, **options}, SEQUENCE, dtype, conv1d)


@DTYPES
def test_separable_convolution_is_a_depthwise_and_a_pointwise_one(dtype: str) -> None:
    def conv2d(x: torch.Tensor, params: Mapping[str, torch.Tensor]) -> torch.Tensor:
        depthwise = first(params["depthwise.weight"].reshape(3, 3, 1, 8))
        h = functional.conv2d(x, depthwise, padding=1, stride=2, groups=4)
        return functional.conv2d(h, first(params["pointwise.weight"]), params["pointwise.bias"])

    def conv1d(x: torch.Tensor, params: Mapping[str, torch.Tensor]) -> torch.Tensor:
        depthwise = first(params["depthwise.weight"].reshape(3, 1, 8))
        h = functional.conv1d(x, depthwise, padding=1, stride=2, groups=4)
        return functional.conv1d(h, first(params["pointwise.weight"]), params["pointwise.bias"])

    options: Options = {"filters": 5, "kernel_size": 3, "multiplier": 2, "padding": 1, "stride": 2}
    compare({"type": "separable_conv2d", **options}, IMAGE, dtype, conv2d)
    compare({"type": "separable_conv1d", **options}, SEQUENCE, dtype, conv1d)


@DTYPES
@pytest.mark.parametrize(
    "options",
    [
        {"kernel_size": 3},
        {"kernel_size": (3, 2), "stride": (2, 3), "padding": (1, 0), "output_padding": (1, 2)},
        {"kernel_size": 2, "stride": 3, "bias": False},
        {"kernel_size": 3, "stride": 2, "dilation": 2, "groups": 2, "padding": 1},
    ],
)
def test_conv2d_transpose(options: Options, dtype: str) -> None:
    names = ("stride", "padding", "output_padding", "dilation", "groups")

    def theirs(x: torch.Tensor, params: Mapping[str, torch.Tensor]) -> torch.Tensor:
        given = {name: options[name] for name in names if name in options}
        weight = first(params["weight"])
        return functional.conv_transpose2d(x, weight, params.get("bias"), **given)

    compare({"type": "conv2d_transpose", "filters": 6, **options}, IMAGE, dtype, theirs)


@DTYPES
@pytest.mark.parametrize(
    "options",
    [
        {"kernel_size": 4},
        {"kernel_size": 3, "stride": 2, "padding": 1, "output_padding": 1},
        {"kernel_size": 3, "stride": 3, "dilation": 2, "groups": 2, "bias": False},
    ],
)
def test_conv1d_transpose(options: Options, dtype: str) -> None:
    names = ("stride", "padding", "output_padding", "dilation", "groups")

    def theirs(x: torch.Tensor, params: Mapping[str, torch.Tensor]) -> torch.Tensor:
        given = {name: options[name] for name in names if name in options}
        weight = first(params["weight"])
        return functional.conv_transpose1d(x, weight, params.get("bias"), **given)

    compare({"type": "conv1d_transpose", "filters": 6, **options}, SEQUENCE, dtype, theirs)


def test_same_padding_of_a_transposed_convolution_leaves_the_stride_times_the_input() -> None:
    """As TensorFlow: of windows of 3 by 2, what is more than the stride goes at the end."""

    def theirs(x: torch.Tensor, params: Mapping[str, torch.Tensor]) -> torch.Tensor:
        whole = functional.conv_transpose2d(x, first(params["weight"]), params["bias"], stride=2)
        return whole[:, :, : 2 * IMAGE[0], : 2 * IMAGE[1]]

    table: Options = {"type": "conv2d_transpose", "filters": 3, "kernel_size": 3, "stride": 2}
    compare({**table, "padding": "same"}, IMAGE, "float64", theirs)


POOLS: list[Options] = [
    {},
    {"size": 3, "stride": 2},
    {"size": 3, "stride": 1, "padding": 1},
    {"size": 4, "padding": 2},
]


def pool_arguments(options: Options) -> Options:
    names = {"size": "kernel_size", "count_padding": "count_include_pad"}
    return {"kernel_size": 2, **{names.get(name, name): each for name, each in options.items()}}


@DTYPES
@pytest.mark.parametrize("options", [*POOLS, {"size": (3, 2), "stride": (1, 3), "padding": (1, 0)}])
def test_max_pool2d(options: Options, dtype: str) -> None:
    module = nn.MaxPool2d(**pool_arguments(options))
    compare({"type": "max_pool2d", **options}, IMAGE, dtype, lambda x, _: module(x))


@DTYPES
@pytest.mark.parametrize("options", POOLS)
def test_max_pool1d(options: Options, dtype: str) -> None:
    module = nn.MaxPool1d(**pool_arguments(options))
    compare({"type": "max_pool1d", **options}, SEQUENCE, dtype, lambda x, _: module(x))


@DTYPES
@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize("options", [*POOLS, {"size": (3, 2), "stride": (1, 3), "padding": (1, 0)}])
def test_average_pool2d(options: Options, counts: bool, dtype: str) -> None:
    options = {**options, "count_padding": counts}
    module = nn.AvgPool2d(**pool_arguments(options))
    compare({"type": "average_pool2d", **options}, IMAGE, dtype, lambda x, _: module(x))


@DTYPES
@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize("options", POOLS)
def test_average_pool1d(options: Options, counts: bool, dtype: str) -> None:
    options = {**options, "count_padding": counts}
    if counts:
        module = nn.AvgPool1d(**pool_arguments(options))

        def theirs(x: torch.Tensor, _: Mapping[str, torch.Tensor]) -> torch.Tensor:
            return module(x)

    else:  # a mean over ones counts them, and PyTorch counts zeros by default

        def theirs(x: torch.Tensor, _: Mapping[str, torch.Tensor]) -> torch.Tensor:
            counting = nn.AvgPool1d(**pool_arguments({**options, "count_padding": True}))
            return counting(x) / counting(torch.ones_like(x))

    compare({"type": "average_pool1d", **options}, SEQUENCE, dtype, theirs)


@DTYPES
@pytest.mark.parametrize("size", [1, (3, 2), (9, 7), (4, 5)])
def test_adaptive_pooling_of_images(size: int | tuple[int, int], dtype: str) -> None:
    average, largest = nn.AdaptiveAvgPool2d(size), nn.AdaptiveMaxPool2d(size)
    table: Options = {"type": "adaptive_average_pool", "output_size": size}
    compare(table, IMAGE, dtype, lambda x, _: average(x))
    table = {"type": "adaptive_max_pool", "output_size": size}
    compare(table, IMAGE, dtype, lambda x, _: largest(x))


@DTYPES
@pytest.mark.parametrize("size", [1, 4, 11, 16])
def test_adaptive_pooling_of_sequences(size: int, dtype: str) -> None:
    average, largest = nn.AdaptiveAvgPool1d(size), nn.AdaptiveMaxPool1d(size)
    table: Options = {"type": "adaptive_average_pool", "output_size": size}
    compare(table, SEQUENCE, dtype, lambda x, _: average(x))
    table = {"type": "adaptive_max_pool", "output_size": size}
    compare(table, SEQUENCE, dtype, lambda x, _: largest(x))


@DTYPES
@pytest.mark.parametrize("shape", [IMAGE, SEQUENCE])
def test_global_pooling(shape: Shape, dtype: str) -> None:
    axes = tuple(range(2, len(shape) + 1))
    compare({"type": "global_average_pool"}, shape, dtype, lambda x, _: x.mean(axes))
    compare({"type": "global_max_pool"}, shape, dtype, lambda x, _: x.amax(axes))


@DTYPES
@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
@pytest.mark.parametrize("factor", [2, (3, 1), (4, 5)])
def test_upsampling_of_images(factor: int | tuple[int, int], mode: str, dtype: str) -> None:
    module = nn.Upsample(scale_factor=factor, mode=mode)
    table: Options = {"type": "upsample", "factor": factor, "mode": mode}
    compare(table, IMAGE, dtype, lambda x, _: module(x))


@DTYPES
@pytest.mark.parametrize(("mode", "theirs"), [("nearest", "nearest"), ("bilinear", "linear")])
def test_upsampling_of_sequences(mode: str, theirs: str, dtype: str) -> None:
    module = nn.Upsample(scale_factor=3, mode=theirs)
    table: Options = {"type": "upsample", "factor": 3, "mode": mode}
    compare(table, SEQUENCE, dtype, lambda x, _: module(x))


@DTYPES
def test_zero_padding(dtype: str) -> None:
    images, steps = nn.ZeroPad2d((2, 3, 0, 1)), nn.ZeroPad1d((2, 0))
    table: Options = {"type": "zero_padding2d", "padding": ((0, 1), (2, 3))}
    compare(table, IMAGE, dtype, lambda x, _: images(x))
    table = {"type": "zero_padding1d", "padding": (2, 0)}
    compare(table, SEQUENCE, dtype, lambda x, _: steps(x))
