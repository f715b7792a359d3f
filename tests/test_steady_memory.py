"""Every layer of this repository trains in memory that is there already."""

from __future__ import annotations

import pytest

from layerkit.arrays import Shape
from layerkit.contracts.layer import LAYERS
from layerkit.contracts.optimizer import OPTIMIZERS
from layerkit.testing import check_layer_allocation, check_optimizer_allocation
from tools.packaging.distributions import own_distributions

IMAGE = (6, 6, 4)
SEQUENCE = (9, 4)
LAYERS_AND_INPUTS: dict[str, tuple[dict[str, object], Shape]] = {
    "activity_regularization": ({"l1": 0.1, "l2": 0.1}, (7,)),
    "adaptive_average_pool": ({"output_size": 4}, IMAGE),
    "adaptive_max_pool": ({"output_size": 4}, IMAGE),
    "alpha_dropout": ({}, (7,)),
    "attention": ({"heads": 2, "causal": True}, (6, 12)),
    "average_pool1d": ({"size": 3, "padding": 1}, SEQUENCE),
    "average_pool2d": ({"size": 3, "padding": 1}, IMAGE),
    "batch_norm": ({}, (7,)),
    "bidirectional": ({"layer": {"type": "gru", "units": 3}}, (6, 4)),
    "celu": ({}, (7,)),
    "columns": ({"columns": [0, 3, 5, 3, 1, 2, 6, 4]}, (7,)),
    "conv1d": ({"filters": 4, "kernel_size": 3}, SEQUENCE),
    "conv1d_transpose": ({"filters": 4, "kernel_size": 3, "stride": 2}, SEQUENCE),
    "conv2d": ({"filters": 4, "kernel_size": 3}, IMAGE),
    "conv2d_transpose": ({"filters": 4, "kernel_size": 3, "stride": 2}, IMAGE),
    "dense": ({"units": 7}, (7,)),
    "depthwise_conv1d": ({"kernel_size": 3}, SEQUENCE),
    "depthwise_conv2d": ({"kernel_size": 3}, IMAGE),
    "dropout": ({}, (7,)),
    "elu": ({}, (7,)),
    "embedding": ({"ids": 5, "units": 3}, (7,)),
    "fill_missing": ({"indicator": True}, (7,)),
    "flatten": ({}, IMAGE),
    "gaussian_dropout": ({}, (7,)),
    "gaussian_noise": ({"deviation": 0.1}, (7,)),
    "gelu": ({}, (7,)),
    "global_average_pool": ({}, IMAGE),
    "global_max_pool": ({}, IMAGE),
    "glu": ({}, (8,)),
    "group_norm": ({"groups": 2}, IMAGE),
    "gru": ({"units": 5}, (6, 4)),
    "hard_sigmoid": ({}, (7,)),
    "hard_swish": ({}, (7,)),
    "hard_tanh": ({}, (7,)),
    "layer_norm": ({}, (7,)),
    "leaky_relu": ({}, (7,)),
    "log_softmax": ({}, (7,)),
    "lstm": ({"units": 5}, (6, 4)),
    "masking": ({}, (6, 4)),
    "max_pool1d": ({}, SEQUENCE),
    "max_pool2d": ({}, IMAGE),
    "maxout": ({}, (8,)),
    "min_max": ({}, (7,)),
    "mish": ({}, (7,)),
    "multi_head_attention": ({"heads": 2, "dropout": 0.1}, (6, 8)),
    "one_hot": ({"categories": [3, 2, 5]}, (3,)),
    "parallel": ({"branches": [["tanh"], [{"type": "dense", "units": 7}]]}, (7,)),
    "permute": ({"axes": [2, 0, 1]}, IMAGE),
    "positional_embedding": ({}, (6, 4)),
    "positional_encoding": ({}, (6, 4)),
    "prelu": ({}, (7,)),
    "quantile": ({"output": "normal"}, (7,)),
    "random_elastic": ({"alpha": 3.0, "sigma": 2.0}, IMAGE),
    "random_flip": ({"mode": "horizontal_and_vertical"}, IMAGE),
    "random_rotation": ({"degrees": 20.0}, IMAGE),
    "random_shift": ({"pixels": 1}, IMAGE),
    "relu": ({}, (7,)),
    "relu6": ({}, (7,)),
    "reshape": ({"shape": [4, -1]}, IMAGE),
    "residual": ({"layers": [{"type": "dense", "units": 7}, "tanh"]}, (7,)),
    "rms_norm": ({}, (7,)),
    "robust": ({}, (7,)),
    "rotary_embedding": ({"heads": 2}, (6, 12)),
    "scale": ({}, (7,)),
    "selu": ({}, (7,)),
    "separable_conv1d": ({"filters": 4, "kernel_size": 3}, SEQUENCE),
    "separable_conv2d": ({"filters": 4, "kernel_size": 3}, IMAGE),
    "sequential": ({"layers": [{"type": "dense", "units": 7}, "tanh"], "repeat": 2}, (7,)),
    "sigmoid": ({}, (7,)),
    "silu": ({}, (7,)),
    "simple_rnn": ({"units": 5}, (6, 4)),
    "smooth_clip": ({}, (7,)),
    "softmax": ({}, (7,)),
    "softplus": ({}, (7,)),
    "softsign": ({}, (7,)),
    "spatial_dropout": ({}, IMAGE),
    "standardize": ({}, (7,)),
    "tanh": ({}, (7,)),
    "transformer_block": ({"heads": 2}, (6, 8)),
    "upsample": ({"mode": "bilinear"}, IMAGE),
    "zero_padding1d": ({}, SEQUENCE),
    "zero_padding2d": ({}, IMAGE),
}
OPTIMIZERS_AND_OPTIONS: dict[str, dict[str, object]] = {
    "adabelief": {},
    "adadelta": {},
    "adagrad": {},
    "adam": {},
    "adamax": {},
    "adamw": {},
    "amsgrad": {},
    "lamb": {},
    "lars": {"momentum": 0.9, "weight_decay": 0.01},
    "lbfgs": {},
    "lion": {"weight_decay": 0.01},
    "lookahead": {"optimizer": "adam"},
    "nadam": {},
    "radam": {},
    "rmsprop": {"centered": True, "momentum": 0.9},
    "rprop": {},
    "sgd": {"momentum": 0.9, "dampening": 0.5},
}


@pytest.mark.parametrize("name", LAYERS_AND_INPUTS)
def test_a_steady_step_allocates_less_than_a_byte_for_every_value(name: str) -> None:
    options, shape = LAYERS_AND_INPUTS[name]
    check_layer_allocation({"type": name, **options}, input_shape=shape)


@pytest.mark.parametrize("name", OPTIMIZERS_AND_OPTIONS)
def test_a_steady_update_allocates_less_than_a_byte_for_every_parameter(name: str) -> None:
    options = OPTIMIZERS_AND_OPTIONS[name]
    check_optimizer_allocation({"type": name, "learning_rate": 0.01, **options})


def test_no_layer_is_left_out() -> None:
    # Not those of the environment: a plugin that is installed to try it out must not break this.
    names = {name for each in own_distributions() for name in each.components(LAYERS.group)}
    assert names == LAYERS_AND_INPUTS.keys()


def test_no_optimizer_is_left_out() -> None:
    names = {name for each in own_distributions() for name in each.components(OPTIMIZERS.group)}
    assert names == OPTIMIZERS_AND_OPTIONS.keys()
