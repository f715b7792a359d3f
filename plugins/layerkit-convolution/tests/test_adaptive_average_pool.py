from __future__ import annotations

import numpy as np
import pytest
from layerkit_convolution.adaptive_average_pool import AdaptiveAveragePoolConfig
from pydantic import ValidationError

from layerkit.plugin import Array, Shape, ShapeError, generator
from layerkit.testing import check_layer
from layerkit.testing.build import build_layer


@pytest.mark.parametrize(
    ("size", "shape"), [([2, 3], (5, 4, 2)), (1, (3, 3, 2)), (3, (7, 2)), ([2, 6], (3, 4, 1))]
)
def test_keeps_the_contract_of_layers(size: object, shape: Shape) -> None:
    check_layer({"type": "adaptive_average_pool", "output_size": size}, input_shape=shape)


def test_parts_cover_the_image() -> None:
    config = AdaptiveAveragePoolConfig(output_size=(2, 3))
    layer = build_layer(config, input_shape=(5, 6, 2), batch_size=3)
    x: Array = generator(0, "x").normal(size=(3, 5, 6, 2))
    y = layer.forward(x, training=True)
    for i, down in enumerate((slice(0, 3), slice(2, 5))):  # rows of 5 by 2: they share the third
        for j in range(3):
            expected = x[:, down, 2 * j : 2 * j + 2].mean(axis=(1, 2))
            np.testing.assert_allclose(y[:, i, j], expected, rtol=1e-14, atol=1e-14)


def test_of_sequences_the_output_has_that_many_steps_and_no_mask() -> None:
    config = AdaptiveAveragePoolConfig(output_size=2)
    mask = np.ones((1, 4))
    layer = build_layer(config, input_shape=(4, 1), batch_size=1, mask=mask)
    y = layer.forward(np.array([[[1.0], [3.0], [5.0], [9.0]]]), training=True)
    assert y.reshape(-1).tolist() == [2, 7]
    assert layer.mask is None


def test_refuses_what_it_cannot_work_on() -> None:
    with pytest.raises(ShapeError, match=r"found \(9,\)"):
        AdaptiveAveragePoolConfig(output_size=2).plan((9,))
    with pytest.raises(ShapeError, match=r"output_size = \[2, 3\] expects images"):
        AdaptiveAveragePoolConfig(output_size=(2, 3)).plan((9, 4))
    with pytest.raises(ValidationError, match="output_size"):
        AdaptiveAveragePoolConfig(output_size=0)
