from __future__ import annotations

import numpy as np
import pytest

from layerkit.display.summary import summary_text
from layerkit.engine.network import Network
from layerkit.plan.network import plan_network
from tests.helpers.specs import small_plan, small_spec

DENSE, THREE = "{type='dense', units=6}", "{type='dense', units=3}"


def families(layers: str) -> list[tuple[str, str]]:
    """Return, of every dense weight of a network, the family of its start and what follows."""
    plan = small_plan(f"layers=[{layers}, {THREE}]", "regularizers=[]")
    found: list[tuple[str, str]] = [
        (param.fan.family, param.fan.activation)
        for path, param in plan.params()
        if path.endswith("weight")
    ]
    assert found[-1] == ("xavier", "")
    return found[:-1]


@pytest.mark.parametrize(
    ("activation", "family"),
    [
        *((name, "xavier") for name in ("tanh", "sigmoid", "softmax", "softsign", "log_softmax")),
        *((name, "xavier") for name in ("hard_sigmoid", "hard_tanh", "glu", "maxout")),
        *((name, "he") for name in ("relu", "relu6", "leaky_relu", "prelu", "elu", "celu")),
        *((name, "he") for name in ("gelu", "silu", "mish", "softplus", "hard_swish")),
        ("selu", "lecun"),
    ],
)
def test_weights_start_by_the_activation_that_follows(activation: str, family: str) -> None:
    assert families(f"{DENSE}, '{activation}'") == [(family, activation)]


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        (f"{DENSE}, 'batch_norm', 'dropout', 'relu', {DENSE}", [("he", "relu"), ("xavier", "")]),
        (f"{DENSE}, {DENSE}, 'relu'", [("xavier", ""), ("he", "relu")]),
        (f"{{type='sequential', layers=[{DENSE}]}}, 'relu'", [("he", "relu")]),
        (
            f"{{type='sequential', layers=['relu', {DENSE}], repeat=3}}, 'selu'",
            [("he", "relu"), ("he", "relu"), ("lecun", "selu")],
        ),
        (
            f"{DENSE}, {{type='residual', layers=['gelu', {DENSE}]}}",
            [("he", "gelu"), ("xavier", "")],
        ),
        (
            f"{{type='parallel', branches=[[{DENSE}, 'selu'], [{DENSE}], ['tanh', {DENSE}]]}}, "
            "'relu'",
            [("lecun", "selu"), ("he", "relu"), ("he", "relu")],
        ),
        (
            f"{DENSE}, {{type='parallel', branches=[['relu', {DENSE}], ['tanh']]}}",
            [("he", "relu"), ("xavier", "")],
        ),
    ],
    ids=["norms between", "weights between", "around", "repeated", "inside", "branches", "first"],
)
def test_the_next_activation_on_the_way_to_the_loss_counts(
    layers: str, expected: list[tuple[str, str]]
) -> None:
    assert families(layers) == expected


def test_the_bits_are_those_of_the_initializer_in_the_spec() -> None:
    layers = "layers=[{type='dense', units=6%s}, 'relu', {type='dense', units=3}]"
    default, named = (
        Network(plan_network(small_spec(layers % option)))
        for option in ("", ", weight_initializer='he_uniform'")
    )
    for path, value in default.parameters.items():
        np.testing.assert_array_equal(value, named.parameters[path])


@pytest.mark.parametrize(
    "options", ["type='conv1d', filters=4", "type='separable_conv1d', filters=4"]
)
def test_convolutions_start_by_the_activation_too(options: str) -> None:
    layers = f"{{type='reshape', shape=[2, 1]}}, {{{options}, kernel_size=1}}, 'relu', 'flatten'"
    assert families(layers)[-1] == ("he", "relu")


def test_an_initializer_in_the_spec_stays_whatever_follows() -> None:
    plan = small_plan("layers.0.weight_initializer='xavier_uniform'", "layers.1='relu'")
    assert dict(plan.params())["dense_1.weight"].fan.activation == ""


def test_the_summary_says_which_and_why() -> None:
    text = summary_text(small_plan("layers.1='relu'"), 100)
    lines = text.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("starts from"))
    assert lines[start + 2 : start + 4] == [
        "he_uniform, as relu follows               dense_1.weight",
        "xavier_uniform, as no activation follows  dense_2.weight",
    ]
    many = summary_text(small_plan(f"layers=[{', '.join([DENSE] * 4)}, {THREE}]"), 9)
    assert "dense_1.weight, dense_2.weight, dense_3.weight and 2 more\n" in many
    named = small_plan(*(f"layers.{i}.weight_initializer='zeros'" for i in (0, 3)))
    assert "starts from" not in summary_text(named, 100)
