from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.builtin.dense import DenseConfig
from layerkit.builtin.embedding import EmbeddingConfig
from layerkit.builtin.flatten import FlattenConfig
from layerkit.builtin.sequential import SequentialConfig
from layerkit.builtin.tanh import TanhConfig
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer
from tests.helpers.specs import problems, small_plan

BLOCK = (DenseConfig(units=4), TanhConfig())


@pytest.mark.parametrize("repeat", [1, 3])
def test_keeps_the_contract_of_layers(repeat: int) -> None:
    check_layer(SequentialConfig(layers=BLOCK, repeat=repeat), input_shape=(4,))


def test_keeps_the_contract_of_layers_that_read_ids() -> None:
    layers = (EmbeddingConfig(ids=5, units=3), FlattenConfig(), DenseConfig(units=2))
    check_layer(SequentialConfig(layers=layers), input_shape=(4,))
    assert SequentialConfig(layers=layers).vocabulary() == 5


def test_does_what_its_layers_do_one_after_another() -> None:
    layer = build_layer(SequentialConfig(layers=BLOCK, repeat=2), input_shape=(3,))
    params = layer.context.memory.params
    x = np.array([[1.0, 2.0, 3.0]])
    y: Array = x
    for dense in ("layer.dense_1", "layer.dense_2"):
        y = np.tanh(y @ params[f"{dense}.weight"].value + params[f"{dense}.bias"].value)
    np.testing.assert_allclose(layer.forward(x, training=False), y, rtol=1e-14)


def test_every_copy_has_parameters_of_its_own() -> None:
    named = (DenseConfig(units=2, name="hidden"), DenseConfig(units=2, bias=False))
    paths = dict(SequentialConfig(layers=named, repeat=2).plan((2,)).all_params())
    assert list(paths) == [
        "hidden_1.weight",
        "hidden_1.bias",
        "dense_2.weight",
        "hidden_2.weight",
        "hidden_2.bias",
        "dense_4.weight",
    ]
    (once,) = SequentialConfig(layers=named[:1]).plan((2,)).layers
    assert once.name == "hidden"


def test_paths_of_the_network_go_through_it() -> None:
    layers = "layers=[{type='sequential', layers=[{type='dense', units=3}], repeat=2}]"
    assert [path for path, _ in small_plan(layers).params()] == [
        "sequential_1.dense_1.weight",
        "sequential_1.dense_1.bias",
        "sequential_1.dense_2.weight",
        "sequential_1.dense_2.bias",
    ]


def test_the_mask_is_that_of_the_last_layer() -> None:
    padded = EmbeddingConfig(ids=5, units=3, padding_id=0)
    layer = build_layer(
        SequentialConfig(layers=(padded, TanhConfig())), input_shape=(3,), wants_input_grad=False
    )
    layer.forward(np.array([[1.0, 0.0, 0.0]]), training=False)
    assert layer.mask is not None
    assert layer.mask[0].tolist() == [1, 0, 0]
    mask = np.ones((4, 3))
    plain = SequentialConfig(layers=(TanhConfig(),))
    assert build_layer(plain, input_shape=(3, 2), mask=mask).mask is mask


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("layers=[]", "layers.1.layers: expected at least 1, found none"),
        ("layers=['tanh'], repeat=0", "layers.1.repeat: expected a number from 1, found 0"),
        (
            "layers=['tanh', 'tan']",
            "layers.1.layers.1: no layer named 'tan' is installed (did you mean 'tanh'?",
        ),
        (
            "layers=[{type='residual', layers=[{type='dense', units=0}]}]",
            "layers.1.layers.0.layers.0.units: expected a number above 0, found 0",
        ),
        (
            "layers=[{type='residual', layers=['tanh'], depth=1}]",
            "layers.1.layers.0.depth: unknown key 'depth'",
        ),
    ],
)
def test_problems_inside_carry_the_whole_path(options: str, said: str) -> None:
    (found,) = problems(f"layers=['tanh', {{type='sequential', {options}}}]")
    assert found.startswith(said)


DENSE = "{type='dense', units=3}"
EMBED = "{type='embedding', ids=9, units=3}"


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        (
            f"[{{type='sequential', layers=[{EMBED}]}}]",
            "layers.0.layers.0: embedding expects ids, found numbers in the data "
            "(the dataset must say how many ids there are; or put columns first, to pick ids)",
        ),
        (
            f"['tanh', {{type='sequential', layers=[{EMBED}]}}]",
            "layers.1: sequential expects ids, which only the first layer gets; found (2,) "
            "(the shape (2,) comes from the data)",
        ),
        (
            f"[{{type='sequential', layers=[{EMBED}], repeat=2}}]",
            "layers.0.layers.0: embedding expects ids, which only the first layer gets; "
            "found (2, 3) (the shape (2, 3) comes from layers.0.layers.0, embedding_1)",
        ),
    ],
)
def test_ids_and_numbers_do_not_mix(layers: str, said: str) -> None:
    assert problems(f"layers={layers}")[0] == said


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        (
            "[{type='sequential', layers=['tanh', {type='dense', units=3, name='a'}, "
            "{type='dense', units=3, name='a'}]}]",
            "layers.0.layers.2.name: expected a name of its own, found 'a', which "
            "layers.0.layers.1 has",
        ),
        (
            f"[{{type='sequential', layers=[{{type='residual', layers=["
            f"{{type='dense', units=2, name='dense_2'}}, {{type='dense', units=2}}]}}]}}, {DENSE}]",
            "layers.0.layers.0.layers.0.name: expected a name of its own, found 'dense_2', which "
            "layers.0.layers.0.layers.1 has by default",
        ),
        (
            "[{type='sequential', repeat=2, layers=[{type='dense', units=3, name='dense'}, "
            "{type='dense', units=3, name='other'}, {type='dense', units=3, name='other_1'}, "
            "{type='dense', units=3}]}]",
            None,
        ),
        (
            "[{type='sequential', repeat=2, layers=[{type='dense', units=3}, "
            "{type='dense', units=3, name='dense'}]}]",
            "layers.0: sequential has two layers that paths would call 'dense_1' "
            "(give one of them a 'name' of its own)",
        ),
    ],
)
def test_names_inside_are_unique(layers: str, said: str | None) -> None:
    if said is None:
        small_plan(f"layers={layers}")
    else:
        assert problems(f"layers={layers}") == [said]
