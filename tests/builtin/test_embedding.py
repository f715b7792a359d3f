from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Array
from layerkit.builtin.embedding import CHUNK, Embedding, EmbeddingConfig
from layerkit.builtin.uniform import UniformConfig
from layerkit.contracts.initializer import Fan
from layerkit.errors import ShapeError
from layerkit.randomness import generator
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer


def embedding(config: EmbeddingConfig, *shape: int, batch_size: int = 4) -> Embedding:
    layer = build_layer(config, input_shape=shape, batch_size=batch_size, wants_input_grad=False)
    assert isinstance(layer, Embedding)
    return layer


@pytest.mark.parametrize("shape", [(), (4,), (2, 3)])
def test_keeps_the_contract_of_layers(shape: tuple[int, ...]) -> None:
    check_layer(EmbeddingConfig(ids=5, units=3), input_shape=shape)


@pytest.mark.parametrize("padding_id", [0, 4])
def test_keeps_the_contract_of_layers_with_padding(padding_id: int) -> None:
    check_layer(EmbeddingConfig(ids=5, units=3, padding_id=padding_id), input_shape=(4,))


def test_takes_a_row_for_every_id() -> None:
    layer = embedding(EmbeddingConfig(ids=3, units=2), 2)
    layer.context.params["weight"].value[...] = [[1, 2], [3, 4], [5, 6]]
    y = layer.forward(np.array([[2.0, 0.0], [1.0, 1.0]]), training=True)
    assert y.tolist() == [[[5, 6], [1, 2]], [[3, 4], [3, 4]]]


def test_gradients_of_one_id_add_up_and_others_are_0() -> None:
    layer = embedding(EmbeddingConfig(ids=3, units=2), 2)
    grad = layer.context.params["weight"].grad
    grad.fill(np.nan)
    layer.forward(np.array([[2.0, 0.0], [2.0, 2.0]]), training=True)
    dy = np.array([[[1.0, 10.0], [2.0, 20.0]], [[4.0, 40.0], [8.0, 80.0]]])
    assert layer.backward(dy) is None
    assert grad.tolist() == [[2, 20], [0, 0], [13, 130]]


def test_more_gradients_than_are_added_at_a_time_add_up() -> None:
    units, n, time = 5, 64, 3 * CHUNK // (5 * 64)
    layer = embedding(EmbeddingConfig(ids=50, units=units), time, batch_size=n)
    rng = generator(0, "arrays")
    ids, dy = rng.integers(0, 50, (n, time)), rng.normal(size=(n, time, units))
    layer.forward(ids.astype(np.float64), training=True)
    layer.backward(dy)
    expected = np.zeros((50, units))
    np.add.at(expected, ids, dy)
    found = layer.context.params["weight"].grad
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_the_last_of_as_many_ids_as_there_may_be_is_found_in_float32() -> None:
    config = EmbeddingConfig(ids=2**24, units=1)
    layer = build_layer(config, input_shape=(), batch_size=2, dtype=np.dtype(np.float32))
    layer.context.params["weight"].value[-1] = 7
    layer.context.params["weight"].value[-2] = 6
    ids: Array = np.array([2**24 - 1, 2**24 - 2], np.float32)
    assert layer.forward(ids, training=False).tolist() == [[7], [6]]


def test_the_mask_is_0_at_padding() -> None:
    layer = embedding(EmbeddingConfig(ids=3, units=2, padding_id=2), 3)
    mask = layer.mask
    assert mask is not None
    layer.forward(np.array([[0.0, 1.0, 2.0], [2.0, 2.0, 2.0]]), training=False)
    assert mask[:2].tolist() == [[1, 1, 0], [0, 0, 0]]
    layer.forward(np.array([[2.0, 1.0, 0.0]]), training=True)
    assert mask[:1].tolist() == [[0, 1, 1]]
    assert layer.mask is mask


def test_without_a_padding_id_there_is_no_mask() -> None:
    assert embedding(EmbeddingConfig(ids=3, units=2), 3).mask is None


def test_plans_a_row_for_every_id_and_no_products() -> None:
    plan = EmbeddingConfig(ids=7, units=3).plan((5,))
    weight = plan.params["weight"]
    assert plan.output == (5, 3)
    assert (weight.shape, weight.fan, weight.decay) == ((7, 3), Fan(7, 3), True)
    assert weight.initializer == UniformConfig()
    assert plan.products == 0
    assert EmbeddingConfig(ids=7, units=3).vocabulary() == 7


@pytest.mark.parametrize("shape", [(), (2, 3)])
def test_padding_is_for_sequences_alone(shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=r"expects sequences of ids, shape \(time,\); found"):
        EmbeddingConfig(ids=3, units=2, padding_id=0).plan(shape)


@pytest.mark.parametrize(
    ("options", "at"),
    [
        ({"ids": 0}, "ids"),
        ({"ids": 2**24 + 1}, "ids"),
        ({"units": 0}, "units"),
        ({"padding_id": -1}, "padding_id"),
        ({"padding_id": 3}, "expected padding_id below ids = 3, found 3"),
    ],
)
def test_refuses_options_out_of_range(options: dict[str, object], at: str) -> None:
    with pytest.raises(ValidationError, match=at):
        EmbeddingConfig.model_validate({"ids": 3, "units": 2, **options})
