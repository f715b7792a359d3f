from __future__ import annotations

import numpy as np
import pytest
from layerkit_sequence.attention import AttentionConfig
from layerkit_sequence.multi_head_attention import MultiHeadAttentionConfig
from pydantic import ValidationError

from layerkit.plugin import Array, Fan, ShapeError, generator
from layerkit.testing import build_layer, check_layer


@pytest.mark.parametrize(
    ("options", "shape"),
    [
        ({"heads": 2}, (4, 6)),
        ({"heads": 1, "causal": True}, (1, 1)),
        ({"heads": 3, "head_units": 2, "bias": False}, (3, 4)),
        ({"heads": 2, "dropout": 0.3, "causal": True}, (4, 4)),
    ],
)
def test_keeps_the_contract_of_layers(options: dict[str, object], shape: tuple[int, int]) -> None:
    check_layer({"type": "multi_head_attention", **options}, input_shape=shape)


def test_is_attention_between_two_dense_layers() -> None:
    config = MultiHeadAttentionConfig(heads=2, head_units=5)
    layer = build_layer(config, input_shape=(4, 3), batch_size=2)
    core = build_layer(AttentionConfig(heads=2), input_shape=(4, 30), batch_size=2)
    x = generator(0, "x").normal(size=(2, 4, 3))
    params = {name: each.value for name, each in layer.context.params.items()}
    attended = core.forward(x @ params["weight"] + params["bias"], training=False)
    expected = attended @ params["output_weight"] + params["output_bias"]
    np.testing.assert_allclose(layer.forward(x, training=False), expected, rtol=1e-12)


def attention_weights(rate: float, *, training: bool, time: int = 32) -> Array:
    """Return the weights of one head: values are unit vectors, queries 0."""
    config = MultiHeadAttentionConfig(heads=1, dropout=rate, bias=False)
    layer = build_layer(config, input_shape=(time, time), batch_size=8)
    weight = layer.context.params["weight"].value
    weight.fill(0)
    weight[:, 2 * time :] = np.eye(time)
    np.copyto(layer.context.params["output_weight"].value, np.eye(time))
    x: Array = np.broadcast_to(np.eye(time), (8, time, time)).copy()
    return layer.forward(x, training=training)


def test_dropout_drops_attention_weights_in_training() -> None:
    y = attention_weights(0.25, training=True) * 32
    assert set(np.unique(y)) == {0, 1 / 0.75}
    assert np.mean(y == 0) == pytest.approx(0.25, abs=0.02)  # 8,192 weights: deviation 0.005
    assert (attention_weights(0.25, training=False) == 1 / 32).all()


def test_plans_its_weights_with_their_connections_and_products() -> None:
    plan = MultiHeadAttentionConfig(heads=2).plan((5, 6))
    weight, output_weight, bias, output_bias = plan.params.values()
    assert (weight.shape, weight.fan, weight.decay) == ((6, 18), Fan(6, 6), True)
    assert (output_weight.shape, output_weight.fan) == ((6, 6), Fan(6, 6))
    assert (bias.shape, bias.decay) == ((18,), False)
    assert (output_bias.shape, output_bias.decay) == ((6,), False)
    assert plan.output == (5, 6)
    assert plan.products == 5 * 6 * 18 + 2 * 5 * 5 * 6 + 5 * 6 * 6


def test_heads_may_be_of_any_size() -> None:
    plan = MultiHeadAttentionConfig(heads=3, head_units=4, bias=False).plan((5, 7))
    shapes = {name: param.shape for name, param in plan.params.items()}
    assert shapes == {"weight": (7, 36), "output_weight": (12, 7)}


@pytest.mark.parametrize(("heads", "fitting"), [(5, 4), (7, 6), (11, 12)])
def test_refuses_heads_that_do_not_divide_the_features(heads: int, fitting: int) -> None:
    with pytest.raises(ShapeError, match=rf"that {heads} heads divide; found \(28, 12\)") as caught:
        MultiHeadAttentionConfig(heads=heads).plan((28, 12))
    assert caught.value.at == ("heads",)
    assert f"heads = {fitting}," in caught.value.hint


def test_refuses_anything_but_sequences_of_features() -> None:
    with pytest.raises(ShapeError, match=r"multi_head_attention expects .* found \(784,\)"):
        MultiHeadAttentionConfig(heads=2).plan((784,))


@pytest.mark.parametrize("options", [{"heads": 0}, {"head_units": 0}, {"dropout": 1.0}])
def test_refuses_options_out_of_range(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(options))):
        MultiHeadAttentionConfig.model_validate({"heads": 1, **options})
