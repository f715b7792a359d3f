from __future__ import annotations

import pytest
from layerkit_sequence.transformer_block import TransformerBlockConfig
from pydantic import ValidationError

from layerkit.layers import Dense, Tanh
from layerkit.plugin import LayerTraits, ShapeError, generator
from layerkit.testing import build_layer, check_layer

PRE = [
    "attention.layer_norm_1.scale",
    "attention.layer_norm_1.shift",
    "attention.multi_head_attention_1.weight",
    "attention.multi_head_attention_1.output_weight",
    "attention.multi_head_attention_1.bias",
    "attention.multi_head_attention_1.output_bias",
    "feed_forward.layer_norm_1.scale",
    "feed_forward.layer_norm_1.shift",
    "feed_forward.dense_1.weight",
    "feed_forward.dense_1.bias",
    "feed_forward.dense_2.weight",
    "feed_forward.dense_2.bias",
]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"norm": "post", "causal": True},
        {"dropout": 0.0, "activation": "tanh"},
        {"attention_dropout": 0.2, "norm": "post"},
    ],
)
def test_keeps_the_contract_of_layers(options: dict[str, object]) -> None:
    table = {"type": "transformer_block", "heads": 2, "feed_forward_units": 3, **options}
    check_layer(table, input_shape=(3, 6), batch_sizes=(1, 3))


def test_parameters_are_named_by_the_layers_that_it_is_made_of() -> None:
    pre = TransformerBlockConfig(heads=2).plan((5, 6))
    assert [path for path, _ in pre.all_params()] == PRE
    post = TransformerBlockConfig(heads=2, norm="post").plan((5, 6))
    names = {path.rpartition(".")[0] for path, _ in post.all_params()}
    assert {"attention_norm", "feed_forward_norm"} < names
    assert not any("layer_norm" in name for name in names)


def test_the_first_dense_layer_has_four_times_the_features() -> None:
    params = dict(TransformerBlockConfig(heads=2).plan((5, 6)).all_params())
    assert params["feed_forward.dense_1.weight"].shape == (6, 24)
    fewer = TransformerBlockConfig(heads=2, feed_forward_units=7).plan((5, 6))
    assert dict(fewer.all_params())["feed_forward.dense_1.weight"].shape == (6, 7)


@pytest.mark.parametrize(
    ("options", "drops"),
    [
        ({"dropout": 0.5}, True),
        ({"dropout": 0.0, "attention_dropout": 0.5}, True),
        ({"dropout": 0.0}, False),
    ],
)
def test_dropout_works_in_training_alone(options: dict[str, object], drops: bool) -> None:
    config = TransformerBlockConfig.model_validate({"heads": 2, **options})
    layer = build_layer(config, input_shape=(3, 4))
    x = generator(0, "x").normal(size=(4, 3, 4))
    trained = layer.forward(x, training=True).copy()
    assert bool((trained != layer.forward(x, training=False)).any()) is drops


@pytest.mark.parametrize("causal", [True, False])
def test_later_steps_change_earlier_ones_unless_causal(causal: bool) -> None:
    layer = build_layer(TransformerBlockConfig(heads=2, causal=causal), input_shape=(3, 4))
    x = generator(0, "x").normal(size=(4, 3, 4))
    before = layer.forward(x, training=False).copy()
    x[:, 2] += 1
    assert bool((layer.forward(x, training=False)[:, :2] == before[:, :2]).all()) is causal


def test_warnings_know_that_a_norm_at_the_end_rescales() -> None:
    assert TransformerBlockConfig(heads=1, norm="post").traits() == LayerTraits(rescales=True)
    assert TransformerBlockConfig(heads=1).traits() == LayerTraits()


def test_refuses_heads_that_do_not_divide_the_features() -> None:
    config = TransformerBlockConfig(heads=5)
    with pytest.raises(ShapeError, match=r"5 heads divide; found \(28, 32\)") as caught:
        config.plan((28, 32))
    assert caught.value.at == ("heads",)
    assert caught.value.hint == "choose heads = 4"


def test_refuses_an_activation_that_changes_the_shape() -> None:
    config = TransformerBlockConfig(heads=2, activation=Dense(units=3))
    with pytest.raises(ShapeError, match=r"keeps the shape \(5, 24\); found \(5, 3\)") as caught:
        config.plan((5, 6))
    assert caught.value.at == ("activation",)
    assert TransformerBlockConfig(heads=2, activation=Tanh()).plan((5, 6)).output == (5, 6)


def test_refuses_anything_but_sequences_of_features() -> None:
    with pytest.raises(ShapeError, match=r"transformer_block expects .* found \(784,\)"):
        TransformerBlockConfig(heads=2).plan((784,))


@pytest.mark.parametrize(
    "options", [{"heads": 0}, {"feed_forward_units": 0}, {"dropout": 1.0}, {"norm": "both"}]
)
def test_refuses_options_out_of_range(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(options))):
        TransformerBlockConfig.model_validate({"heads": 1, **options})
