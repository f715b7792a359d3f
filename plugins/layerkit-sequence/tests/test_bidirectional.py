from __future__ import annotations

import numpy as np
import pytest
from layerkit_sequence.bidirectional import BidirectionalConfig
from layerkit_sequence.multi_head_attention import MultiHeadAttentionConfig
from layerkit_sequence.simple_rnn import SimpleRnnConfig
from pydantic import ValidationError

from layerkit.layers import Embedding, Permute, Standardize
from layerkit.plugin import Array, LayerConfig, ShapeError, generator
from layerkit.testing import build_layer, check_layer

WAYS_TO_COMBINE = ["concat", "add", "mean", "multiply"]
N, TIME, FEATURES, UNITS = 3, 4, 2, 3


def draw(*shape: int) -> Array:
    return generator(0, "arrays").normal(size=shape)


@pytest.mark.parametrize("combine", WAYS_TO_COMBINE)
@pytest.mark.parametrize("output", ["all", "last"])
def test_keeps_the_contract_of_layers(combine: str, output: str) -> None:
    inner = {"type": "gru", "units": 3, "output": output}
    table = {"type": "bidirectional", "layer": inner, "combine": combine}
    check_layer(table, input_shape=(4, 2))


@pytest.mark.parametrize("inner", [{"type": "lstm", "units": 2}, {"type": "dense", "units": 2}])
def test_wraps_any_layer_over_steps(inner: dict[str, object]) -> None:
    check_layer({"type": "bidirectional", "layer": inner}, input_shape=(3, 2), batch_sizes=(1, 3))


def test_wraps_a_composite_with_layers_that_adapt() -> None:
    layers = ["standardize", {"type": "simple_rnn", "units": 2}]
    inner = {"type": "sequential", "layers": layers}
    check_layer({"type": "bidirectional", "layer": inner}, input_shape=(3, 2), batch_sizes=(1, 3))


@pytest.mark.parametrize("combine", WAYS_TO_COMBINE)
@pytest.mark.parametrize("output", ["all", "last"])
def test_the_copy_reads_from_the_end(combine: str, output: str) -> None:
    inner = {"type": "simple_rnn", "units": UNITS, "output": output}
    config = BidirectionalConfig.model_validate({"layer": inner, "combine": combine})
    both = build_layer(config, input_shape=(TIME, FEATURES), batch_size=N)
    params = both.context.memory.params
    outputs: list[Array] = []
    x = draw(N, TIME, FEATURES)
    for way, inputs in (("forward", x), ("backward", x[:, ::-1])):
        alone = build_layer(
            SimpleRnnConfig.model_validate(inner), input_shape=(TIME, FEATURES), batch_size=N
        )
        for name, each in alone.context.params.items():
            np.copyto(each.value, params[f"layer.{way}_simple_rnn_1.{name}"].value)
        outputs.append(alone.forward(inputs, training=False).copy())
    first, second = outputs
    if output == "all":
        second = second[:, ::-1]
    expected = {
        "concat": np.concatenate((first, second), axis=-1),
        "add": first + second,
        "mean": (first + second) / 2,
        "multiply": first * second,
    }[combine]
    np.testing.assert_allclose(both.forward(x, training=False), expected, rtol=1e-13)


def test_layers_that_adapt_see_no_padding() -> None:
    """Standardize counts the steps of the mask, which is turned round with the inputs."""
    mask: Array = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    config = BidirectionalConfig(layer=Standardize())
    layer = build_layer(config, input_shape=(3, 1), batch_size=2, mask=mask)
    x: Array = np.array([[[1.0], [3.0], [100.0]], [[5.0], [100.0], [100.0]]])
    layer.adapt(lambda: iter([x]))
    for way in ("forward", "backward"):
        mean = layer.context.memory.state[f"layer.{way}_standardize_1.mean"]
        assert mean.tolist() == [3.0]


def test_plans_both_layers_and_what_they_put_out() -> None:
    inner = SimpleRnnConfig(units=4)
    plan = BidirectionalConfig(layer=inner).plan((5, 3))
    assert plan.output == (5, 8)
    assert [each.name for each in plan.layers] == ["forward_simple_rnn_1", "backward_simple_rnn_1"]
    assert BidirectionalConfig(layer=inner, combine="add").plan((5, 3)).output == (5, 4)
    last = SimpleRnnConfig(units=4, output="last", name="words")
    plan = BidirectionalConfig(layer=last).plan((5, 3))
    assert plan.output == (8,)
    assert [each.name for each in plan.layers] == ["forward_words", "backward_words"]


def test_refuses_anything_but_sequences_of_features() -> None:
    with pytest.raises(ShapeError, match=r"bidirectional expects .*\(time, n\); found \(784,\)"):
        BidirectionalConfig(layer=SimpleRnnConfig(units=4)).plan((784,))


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        (Embedding(ids=5, units=2), "a layer that reads numbers; embedding reads ids"),
        (
            Permute(axes=(1, 0)),
            r"puts out \(time, units\) or \(units,\) for \(5, 3\); found \(3, 5\)",
        ),
    ],
)
def test_refuses_layers_that_it_cannot_turn_round(inner: LayerConfig, message: str) -> None:
    with pytest.raises(ShapeError, match=message) as caught:
        BidirectionalConfig(layer=inner).plan((5, 3))
    assert caught.value.at == ("layer",)


def test_says_which_option_of_the_layer_does_not_fit() -> None:
    config = BidirectionalConfig(layer=MultiHeadAttentionConfig(heads=2))
    with pytest.raises(ShapeError, match="2 heads divide") as caught:
        config.plan((5, 3))
    assert caught.value.at == ("layer", "heads")


def test_refuses_a_way_to_combine_that_it_does_not_know() -> None:
    with pytest.raises(ValidationError, match="combine"):
        BidirectionalConfig.model_validate({"layer": "flatten", "combine": "join"})
