from __future__ import annotations

import numpy as np
import pytest
from layerkit_sequence.attention import AttentionConfig
from pydantic import ValidationError

from layerkit.plugin import Array, ShapeError, generator
from layerkit.testing import build_layer, check_layer


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize(("heads", "shape"), [(1, (4, 6)), (2, (5, 12)), (1, (1, 3))])
def test_keeps_the_contract_of_layers(heads: int, shape: tuple[int, int], causal: bool) -> None:
    check_layer({"type": "attention", "heads": heads, "causal": causal}, input_shape=shape)


@pytest.mark.parametrize("causal", [True, False])
def test_every_step_is_the_mean_of_values_that_its_weights_say(causal: bool) -> None:
    n, time, heads, size = 2, 4, 2, 3
    config = AttentionConfig(heads=heads, causal=causal)
    layer = build_layer(config, input_shape=(time, 3 * heads * size), batch_size=n)
    x = generator(0, "x").normal(size=(n, time, 3 * heads * size))
    y = layer.forward(x, training=False)
    parts = x.reshape(n, time, 3, heads, size)
    for example in range(n):
        for head in range(heads):
            q, k, v = (parts[example, :, which, head] for which in range(3))
            for t in range(time):
                seen = t + 1 if causal else time
                powers = np.exp([float(q[t] @ k[s]) / size**0.5 for s in range(seen)])
                expected = (powers / powers.sum()) @ v[:seen]
                found = y[example, t, head * size : (head + 1) * size]
                np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_nothing_comes_from_later_steps_if_causal() -> None:
    layer = build_layer(AttentionConfig(causal=True), input_shape=(4, 6), batch_size=1)
    x: Array = generator(0, "x").normal(size=(1, 4, 6))
    first = layer.forward(x, training=True).copy()
    x[:, 2:] += 1
    second = layer.forward(x, training=True)
    np.testing.assert_array_equal(first[:, :2], second[:, :2])
    assert (first[:, 2:] != second[:, 2:]).all()


@pytest.mark.parametrize("causal", [True, False])
def test_large_scores_overflow_nowhere(causal: bool) -> None:
    layer = build_layer(AttentionConfig(causal=causal), input_shape=(3, 6), batch_size=1)
    x = np.full((1, 3, 6), 1e4)
    x[:, :, 1] *= -1
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        y = layer.forward(x, training=True)
        dx = layer.backward(np.ones_like(y))
    assert np.isfinite(y).all()
    assert dx is not None
    assert np.isfinite(dx).all()


def test_plans_a_third_of_the_features() -> None:
    plan = AttentionConfig(heads=2).plan((5, 12))
    assert (plan.output, plan.products) == ((5, 4), 2 * 5 * 5 * 4)
    assert not plan.params


@pytest.mark.parametrize(
    ("heads", "shape", "message", "at", "hint"),
    [
        (1, (5, 10), "in multiples of 3; found (5, 10)", (), "units = 9"),
        (2, (5, 9), "of 2 heads .* multiples of 6; found (5, 9)", ("heads",), "units = 12"),
        (2, (5, 2), "of 2 heads .* multiples of 6; found (5, 2)", (), "units = 6"),
    ],
)
def test_refuses_features_that_are_no_queries_keys_and_values(
    heads: int, shape: tuple[int, int], message: str, at: tuple[str, ...], hint: str
) -> None:
    pattern = message.replace("(", r"\(").replace(")", r"\)")
    with pytest.raises(ShapeError, match=pattern) as caught:
        AttentionConfig(heads=heads).plan(shape)
    assert caught.value.at == at
    assert caught.value.hint == f"put a dense layer with {hint} before it"


def test_refuses_anything_but_sequences_of_features() -> None:
    with pytest.raises(ShapeError, match=r"attention expects .*\(time, n\); found \(783,\)"):
        AttentionConfig().plan((783,))


def test_refuses_no_heads() -> None:
    with pytest.raises(ValidationError, match="heads"):
        AttentionConfig(heads=0)
