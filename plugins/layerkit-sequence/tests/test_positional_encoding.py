from __future__ import annotations

import math

import numpy as np
import pytest
from layerkit_sequence.positional_encoding import PositionalEncodingConfig, waves
from pydantic import ValidationError

from layerkit.plugin import ShapeError
from layerkit.testing import build_layer, check_layer


@pytest.mark.parametrize("shape", [(4, 2), (1, 1), (3, 5)])
def test_keeps_the_contract_of_layers(shape: tuple[int, int]) -> None:
    check_layer("positional_encoding", input_shape=shape)


@pytest.mark.parametrize("features", [6, 5, 1])
def test_sines_and_cosines_take_turns(features: int) -> None:
    found = waves(50, features, 10_000.0)
    for t in range(50):
        for column in range(features):
            angle = t / 10_000 ** (2 * (column // 2) / features)
            expected = math.cos(angle) if column % 2 else math.sin(angle)
            assert found[t, column] == pytest.approx(expected, rel=1e-12, abs=1e-13)


def test_adds_the_same_to_every_example() -> None:
    layer = build_layer(PositionalEncodingConfig(base=100.0), input_shape=(3, 4), batch_size=2)
    y = layer.forward(np.zeros((2, 3, 4)), training=False)
    np.testing.assert_array_equal(y, np.stack([waves(3, 4, 100.0)] * 2))


def test_refuses_anything_but_sequences_of_features() -> None:
    with pytest.raises(ShapeError, match=r"positional_encoding expects .* found \(784,\)"):
        PositionalEncodingConfig().plan((784,))


def test_refuses_a_base_of_0() -> None:
    with pytest.raises(ValidationError, match="base"):
        PositionalEncodingConfig(base=0.0)
