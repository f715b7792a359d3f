from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Array, FloatType, Shape
from layerkit.builtin.min_max import MinMaxConfig
from layerkit.errors import ShapeError
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer
from layerkit.testing.sampling import DTYPES, FLOAT32
from tests.helpers.fitting import fitted, slopes

X = np.array([[1.0, 50.0], [5.0, 30.0], [2.0, 10.0]])


@pytest.mark.parametrize("shape", [(7,), (1,), (3, 5), (2, 3, 2)])
def test_keeps_the_contract_of_layers(shape: Shape) -> None:
    check_layer({"type": "min_max", "lower": -2.0, "upper": 3.0}, input_shape=shape)


@pytest.mark.parametrize("size", [1, 2, 10])
def test_the_smallest_value_becomes_0_and_the_largest_1(size: int) -> None:
    layer = fitted("min_max", X, size)
    assert layer.context.state["minimum"].tolist() == [1.0, 10.0]
    assert layer.context.state["maximum"].tolist() == [5.0, 50.0]
    assert layer.forward(X, training=True).tolist() == [[0.0, 1.0], [1.0, 0.5], [0.25, 0.0]]


def test_a_range_of_ones_own_and_values_beyond_it() -> None:
    layer = fitted(MinMaxConfig(lower=-1, upper=1), X)
    new = np.array([[3.0, 20.0], [7.0, 0.0]])
    assert layer.forward(new, training=False).tolist() == [[0.0, -0.5], [2.0, -1.5]]


def test_the_gradient_is_the_slope() -> None:
    layer = fitted(MinMaxConfig(lower=-1, upper=1), X)
    assert slopes(layer, X).tolist() == [[0.5, 0.05]] * 3


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.filterwarnings("error")
def test_a_constant_feature_gives_the_lower_bound_whatever_comes(dtype: FloatType) -> None:
    layer = fitted(MinMaxConfig(lower=-3, upper=1), np.full((4, 1), 0.1, dtype), 3, dtype)
    new: Array = np.array([[0.1], [5.0], [-1e9]]).astype(dtype)
    assert layer.forward(new, training=False).tolist() == [[-3.0]] * 3
    assert slopes(layer, new).tolist() == [[0.0]] * 3


def test_steps_that_are_padding_do_not_count() -> None:
    x = np.array([[[1.0], [99.0]], [[5.0], [3.0]]])
    layer = fitted("min_max", x, 2, mask=np.array([[1.0, 0.0], [1.0, 1.0]]))
    assert layer.context.state["maximum"].tolist() == [5.0]


def test_does_nothing_to_the_range_0_to_1_before_it_has_adapted() -> None:
    layer = build_layer(MinMaxConfig(), input_shape=(2,), dtype=FLOAT32)
    x = np.array([[0.25, 4.0]], np.float32)
    assert layer.forward(x, training=False).tolist() == [[0.25, 4.0]]


@pytest.mark.parametrize(("lower", "upper"), [(1.0, 1.0), (2.0, 1.0)])
def test_lower_is_below_upper(lower: float, upper: float) -> None:
    with pytest.raises(ValidationError, match="expected lower below upper, found"):
        MinMaxConfig(lower=lower, upper=upper)


def test_refuses_a_single_number() -> None:
    with pytest.raises(ShapeError, match=r"expects an axis of features.* found \(\)"):
        MinMaxConfig().plan(())
