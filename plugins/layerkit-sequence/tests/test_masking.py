from __future__ import annotations

import numpy as np
import pytest
from layerkit_sequence.masking import MaskingConfig

from layerkit.plugin import Array, ShapeError
from layerkit.testing import build_layer, check_layer
from layerkit.testing.sampling import FLOAT32


@pytest.mark.parametrize("shape", [(4, 2), (1, 1)])
@pytest.mark.parametrize("value", [0.0, -1.0])
def test_keeps_the_contract_of_layers(shape: tuple[int, int], value: float) -> None:
    check_layer({"type": "masking", "value": value}, input_shape=shape)


def test_steps_whose_features_are_all_the_value_are_padding() -> None:
    layer = build_layer(MaskingConfig(value=-1.0), input_shape=(3, 2), batch_size=2)
    x = np.array([[[1.0, -1.0], [-1.0, -1.0], [0.0, 0.0]]])
    assert layer.forward(x, training=True).tolist() == [[[1, -1], [0, 0], [0, 0]]]
    assert layer.mask is not None
    assert layer.mask[0].tolist() == [1, 0, 1]
    dx = layer.backward(np.ones((1, 3, 2)))
    assert dx is not None
    assert dx.tolist() == [[[1, 1], [0, 0], [1, 1]]]


def test_a_value_is_found_in_float32_too() -> None:
    layer = build_layer(MaskingConfig(value=0.1), input_shape=(2, 1), batch_size=1, dtype=FLOAT32)
    layer.forward(np.array([[[0.1], [0.2]]], np.float32), training=False)
    assert layer.mask is not None
    assert layer.mask.tolist() == [[0, 1]]


def test_what_was_padding_before_stays_padding() -> None:
    mask: Array = np.array([[1.0, 1.0, 0.0]])
    layer = build_layer(MaskingConfig(), input_shape=(3, 1), batch_size=1, mask=mask)
    layer.forward(np.array([[[1.0], [0.0], [1.0]]]), training=False)
    assert layer.mask is not None
    assert layer.mask.tolist() == [[1, 0, 0]]
    assert mask.tolist() == [[1, 1, 0]]


def test_refuses_anything_but_sequences_of_features() -> None:
    with pytest.raises(ShapeError, match=r"masking expects .*\(time, n\); found \(784,\)"):
        MaskingConfig().plan((784,))
