from __future__ import annotations

import numpy as np
import pytest

from layerkit.builtin.dense import DenseConfig
from layerkit.builtin.dropout import DropoutConfig
from layerkit.builtin.residual import ResidualConfig
from layerkit.builtin.tanh import TanhConfig
from layerkit.contracts.layer import LayerConfig
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer
from tests.helpers.specs import problems, small_plan


@pytest.mark.parametrize(
    "layers",
    [
        (DenseConfig(units=4), TanhConfig()),
        (TanhConfig(), DropoutConfig()),  # the last one overwrites dy
        (DropoutConfig(),),
        (ResidualConfig(layers=(DropoutConfig(), DenseConfig(units=4))),),
    ],
)
def test_keeps_the_contract_of_layers(layers: tuple[LayerConfig, ...]) -> None:
    check_layer(ResidualConfig(layers=layers), input_shape=(4,))


def test_keeps_the_contract_of_layers_on_more_axes() -> None:
    check_layer(ResidualConfig(layers=(TanhConfig(), TanhConfig())), input_shape=(3, 2))


def test_adds_its_input_to_what_the_layers_make_of_it() -> None:
    layer = build_layer(ResidualConfig(layers=(DenseConfig(units=2),)), input_shape=(2,))
    params = layer.context.memory.params
    params["layer.dense_1.weight"].value[...] = [[1, 2], [3, 4]]
    params["layer.dense_1.bias"].value[...] = [10, 20]
    assert layer.forward(np.array([[1.0, 1.0]]), training=True).tolist() == [[15, 27]]
    dx = layer.backward(np.array([[1.0, 10.0]]))
    assert dx is not None
    assert dx.tolist() == [[22, 53]]
    assert params["layer.dense_1.weight"].grad.tolist() == [[1, 10], [1, 10]]


def test_its_layers_are_called_by_their_names_below_its_own() -> None:
    layers = (
        "layers=[{type='dense', units=4}, {type='residual', layers=[{type='dense', units=4}]}, "
        "{type='residual', name='top', layers=[{type='dense', units=4, name='inner'}]}, "
        "{type='dense', units=3}]"
    )
    paths = [path for path, _ in small_plan(layers).params()]
    assert [path for path in paths if path.endswith("weight")] == [
        "dense_1.weight",
        "residual_1.dense_1.weight",
        "top.inner.weight",
        "dense_2.weight",
    ]


def test_the_mask_of_its_input_passes_through() -> None:
    mask = np.ones((4, 3))
    layer = build_layer(ResidualConfig(layers=(TanhConfig(),)), input_shape=(3, 2), mask=mask)
    assert layer.mask is mask


IN_LAYERS_1 = "layers=[{{type='dense', units=4}}, {{type='residual', layers=[{}]}}]"


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        (
            "{type='dense', units=4}, {type='dense', units=8}",
            "layers.1.layers.1.units: residual expects layers that keep the shape (4,), as it adds "
            "its input to their output; found (8,) (end in a dense layer with units = 4)",
        ),
        (
            "{type='embedding', ids=9, units=4}",
            "layers.1.layers.0: residual expects layers that read numbers, as it adds its input to "
            "their output; embedding reads ids (put it before the residual layer)",
        ),
        (
            "{type='lstm', units=4}",
            "layers.1.layers.0: lstm expects sequences of features, shape (time, n); found (4,) "
            "(the shape (4,) comes from layers.0, dense_1)",
        ),
        (
            "'tanh', {type='dense', units=9, name='wide'}, {type='lstm', units=4}",
            "layers.1.layers.2: lstm expects sequences of features, shape (time, n); found (9,) "
            "(the shape (9,) comes from layers.1.layers.1, wide)",
        ),
        (
            "'tanh', {type='residual', layers=['tanh', {type='lstm', units=4}]}",
            "layers.1.layers.1.layers.1: lstm expects sequences of features, shape (time, n); "
            "found (4,) (the shape (4,) comes from layers.0, dense_1)",
        ),
        (
            "'tanh', {type='residual', layers=[{type='lstm', units=4}]}",
            "layers.1.layers.1.layers.0: lstm expects sequences of features, shape (time, n); "
            "found (4,) (the shape (4,) comes from layers.0, dense_1)",
        ),
        ("", "layers.1.layers: expected at least 1, found none"),
    ],
)
def test_what_does_not_fit_inside_is_told_by_its_path(layers: str, said: str) -> None:
    assert problems(IN_LAYERS_1.format(layers)) == [said]


def test_a_shape_that_reaches_the_first_layer_of_all_comes_from_the_data() -> None:
    assert problems("layers=[{type='residual', layers=[{type='lstm', units=4}]}]") == [
        "layers.0.layers.0: lstm expects sequences of features, shape (time, n); found (2,) "
        "(the shape (2,) comes from the data)"
    ]
