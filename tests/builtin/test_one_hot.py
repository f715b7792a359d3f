from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Shape
from layerkit.builtin.one_hot import OneHotConfig
from layerkit.errors import ShapeError
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer


@pytest.mark.parametrize(
    ("categories", "shape"), [((2,), (1,)), ((3, 1, 4), (3,)), ((2, 5), (4, 2))]
)
def test_keeps_the_contract_of_layers(categories: tuple[int, ...], shape: Shape) -> None:
    check_layer(OneHotConfig(categories=categories), input_shape=shape)


@pytest.mark.parametrize("training", [True, False])
def test_every_id_becomes_a_1_at_its_place(training: bool) -> None:
    layer = build_layer(OneHotConfig(categories=(2, 3)), input_shape=(2,))
    y = layer.forward(np.array([[0.0, 2.0], [1.0, 0.0]]), training=training)
    assert y.tolist() == [[1.0, 0.0, 0.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0, 0.0]]
    assert layer.forward(np.array([[1.0, 1.0]]), training=training).tolist() == [
        [0.0, 1.0, 0.0, 1.0, 0.0]
    ]


def test_every_step_of_a_sequence_has_its_vectors() -> None:
    layer = build_layer(OneHotConfig(categories=(2,)), input_shape=(3, 1))
    y = layer.forward(np.array([[[0.0], [1.0], [0.0]]]), training=False)
    assert y.tolist() == [[[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]]


def test_says_how_many_ids_each_feature_has() -> None:
    assert OneHotConfig(categories=(2, 3)).id_counts() == (2, 3)


@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 4)])
def test_expects_a_count_for_every_feature(shape: Shape) -> None:
    with pytest.raises(ShapeError, match="a feature for each of its 2 counts") as caught:
        OneHotConfig(categories=(2, 3)).plan(shape)
    assert caught.value.at == ("categories",)


@pytest.mark.parametrize("categories", [[], [0], [-1], [2.5], [True], 3, [2**24 + 1]])
def test_categories_are_a_list_of_counts(categories: object) -> None:
    with pytest.raises(ValidationError, match="categories"):
        OneHotConfig.model_validate({"categories": categories})
