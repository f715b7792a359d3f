from __future__ import annotations

import numpy as np
import pytest
from layerkit_sequence.positional_embedding import PositionalEmbeddingConfig

from layerkit.plugin import Fan, ShapeError
from layerkit.testing import build_layer, check_layer


@pytest.mark.parametrize("shape", [(4, 2), (1, 1), (3, 5)])
def test_keeps_the_contract_of_layers(shape: tuple[int, int]) -> None:
    check_layer("positional_embedding", input_shape=shape)


def test_adds_a_row_to_every_step() -> None:
    layer = build_layer(PositionalEmbeddingConfig(), input_shape=(2, 2), batch_size=3)
    weight = layer.context.params["weight"]
    np.copyto(weight.value, [[1, 2], [3, 4]])
    y = layer.forward(np.full((3, 2, 2), 10.0), training=True)
    assert y.tolist() == [[[11, 12], [13, 14]]] * 3
    layer.backward(np.arange(12.0).reshape(3, 2, 2))
    assert weight.grad.tolist() == [[12, 15], [18, 21]]


def test_plans_a_weight_without_a_product() -> None:
    plan = PositionalEmbeddingConfig().plan((5, 3))
    assert (plan.params["weight"].shape, plan.params["weight"].fan) == ((5, 3), Fan(5, 3))
    assert (plan.output, plan.products) == ((5, 3), 0)


def test_refuses_anything_but_sequences_of_features() -> None:
    with pytest.raises(ShapeError, match=r"positional_embedding expects .* found \(784,\)"):
        PositionalEmbeddingConfig().plan((784,))
