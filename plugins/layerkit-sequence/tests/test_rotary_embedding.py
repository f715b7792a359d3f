from __future__ import annotations

import numpy as np
import pytest
from layerkit_sequence.rotary_embedding import RotaryEmbeddingConfig
from pydantic import ValidationError

from layerkit.plugin import Array, ShapeError, generator
from layerkit.testing import build_layer, check_layer


@pytest.mark.parametrize(
    ("heads", "shape"), [(1, (4, 6)), (1, (3, 12)), (2, (5, 12)), (3, (2, 36)), (1, (1, 6))]
)
def test_keeps_the_contract_of_layers(heads: int, shape: tuple[int, int]) -> None:
    check_layer({"type": "rotary_embedding", "heads": heads}, input_shape=shape)


def turned(x: Array, heads: int, base: float = 10_000.0) -> Array:
    """Return queries and keys as complex numbers times ``exp(i * angle)``, and values."""
    n, time, features = x.shape
    parts = x.reshape(n, time, 3, heads, -1).copy()
    size = features // (3 * heads)
    for t in range(time):
        for pair in range(size // 2):
            factor = np.exp(1j * t * base ** (-2 * pair / size))
            of_pair = parts[:, t, :2, :, 2 * pair] + 1j * parts[:, t, :2, :, 2 * pair + 1]
            parts[:, t, :2, :, 2 * pair] = (of_pair * factor).real
            parts[:, t, :2, :, 2 * pair + 1] = (of_pair * factor).imag
    return parts.reshape(x.shape)


@pytest.mark.parametrize(("heads", "base"), [(1, 10_000.0), (2, 10_000.0), (2, 10.0)])
def test_turns_pairs_as_the_paper_says(heads: int, base: float) -> None:
    config = RotaryEmbeddingConfig(heads=heads, base=base)
    layer = build_layer(config, input_shape=(7, 24), batch_size=2)
    x = generator(0, "x").normal(size=(2, 7, 24))
    y = layer.forward(x, training=False)
    np.testing.assert_allclose(y, turned(x, heads, base), rtol=1e-12, atol=1e-14)
    assert not np.allclose(y[:, 1:, :16], x[:, 1:, :16])


def test_products_of_queries_and_keys_depend_on_their_distance_alone() -> None:
    layer = build_layer(RotaryEmbeddingConfig(), input_shape=(6, 12), batch_size=1)
    x: Array = np.tile(generator(0, "x").normal(size=12), (1, 6, 1))
    y = layer.forward(x, training=False)[0]
    products = y[:, :4] @ y[:, 4:8].T
    for distance in range(-5, 6):
        of_distance = np.diagonal(products, distance)
        np.testing.assert_allclose(of_distance, of_distance[0], rtol=1e-12)
    assert len({round(float(found), 9) for found in products[0]}) == 6


def test_nothing_is_turned_at_the_first_step_and_no_value_at_any() -> None:
    layer = build_layer(RotaryEmbeddingConfig(heads=2), input_shape=(4, 12), batch_size=3)
    x = generator(0, "x").normal(size=(3, 4, 12))
    y = layer.forward(x, training=True)
    np.testing.assert_array_equal(y[:, 0], x[:, 0])
    np.testing.assert_array_equal(y[..., 8:], x[..., 8:])


@pytest.mark.parametrize(
    ("heads", "shape", "message", "at", "hint"),
    [
        (1, (5, 9), r"in multiples of 6; found \(5, 9\)", (), "units = 12"),
        (2, (5, 18), r"of 2 heads .* of 12; found \(5, 18\)", ("heads",), "units = 24"),
        (2, (5, 3), r"of 2 heads .* of 12; found \(5, 3\)", (), "units = 12"),
    ],
)
def test_refuses_features_that_are_no_pairs_of_queries_keys_and_values(
    heads: int, shape: tuple[int, int], message: str, at: tuple[str, ...], hint: str
) -> None:
    with pytest.raises(ShapeError, match=message) as caught:
        RotaryEmbeddingConfig(heads=heads).plan(shape)
    assert caught.value.at == at
    assert caught.value.hint == f"put a dense layer with {hint} before it"


def test_refuses_anything_but_sequences_of_features() -> None:
    with pytest.raises(ShapeError, match=r"rotary_embedding expects .* found \(783,\)"):
        RotaryEmbeddingConfig().plan((783,))


@pytest.mark.parametrize("options", [{"heads": 0}, {"base": 0.0}])
def test_refuses_options_out_of_range(options: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match=next(iter(options))):
        RotaryEmbeddingConfig.model_validate(options)
