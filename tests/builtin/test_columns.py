from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Shape
from layerkit.builtin.columns import ColumnsConfig
from layerkit.contracts.layer_inputs import PassedInputs
from layerkit.errors import ShapeError
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer


@pytest.mark.parametrize(
    ("columns", "shape"), [([0], (1,)), ([2, 0], (3,)), ([1, 1, 0], (2,)), ([3, 1], (2, 4))]
)
def test_keeps_the_contract_of_layers(columns: list[int], shape: Shape) -> None:
    check_layer({"type": "columns", "columns": columns}, input_shape=shape)


@pytest.mark.parametrize("training", [True, False])
def test_puts_out_the_columns_in_the_order_that_they_are_named(training: bool) -> None:
    layer = build_layer(ColumnsConfig(columns=(2, 0, 2)), input_shape=(3,))
    y = layer.forward(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, float("nan")]]), training=training)
    np.testing.assert_array_equal(y, [[3.0, 1.0, 3.0], [np.nan, 4.0, np.nan]])


def test_the_gradients_of_a_column_that_is_picked_twice_are_added() -> None:
    layer = build_layer(ColumnsConfig(columns=(2, 0, 2)), input_shape=(3,))
    layer.forward(np.zeros((1, 3)), training=True)
    dx = layer.backward(np.array([[1.0, 10.0, 100.0]]))
    assert dx is not None
    assert dx.tolist() == [[10.0, 0.0, 101.0]]


def test_the_columns_of_every_step_are_passed_on() -> None:
    config = ColumnsConfig(columns=(2, 0))
    assert config.passed_inputs((2, 3)) == PassedInputs([2, 0, 5, 3])
    assert config.plan((2, 3)).output == (2, 2)


def test_names_become_indices() -> None:
    config = ColumnsConfig(columns=("c", 1, "a"))
    assert config.for_features(["a", "b", "c"]).columns == (2, 1, 0)
    assert config.columns == ("c", 1, "a")


def test_many_names_are_not_all_listed() -> None:
    names = [f"gene{number}" for number in range(100)]
    with pytest.raises(ShapeError, match="found 'age'") as caught:
        ColumnsConfig(columns=("age",)).for_features(names)
    assert caught.value.hint.endswith("'gene19' and 80 more")


@pytest.mark.parametrize("columns", [[], [-1], [True], [1.5], [[0]], 3])
def test_columns_are_a_list_of_indices_and_names(columns: object) -> None:
    with pytest.raises(ValidationError, match="columns"):
        ColumnsConfig.model_validate({"columns": columns})


def test_refuses_a_single_number() -> None:
    with pytest.raises(ShapeError, match=r"expects an axis of features.* found \(\)"):
        ColumnsConfig(columns=(0,)).plan(())
