from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Array, FloatType, Shape
from layerkit.builtin.robust import RobustConfig
from layerkit.errors import ShapeError
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer
from layerkit.testing.sampling import DTYPES
from tests.helpers.fitting import fitted, slopes


@pytest.mark.parametrize("shape", [(7,), (1,), (3, 5), (2, 3, 2)])
def test_keeps_the_contract_of_layers(shape: Shape) -> None:
    check_layer("robust", input_shape=shape)


@pytest.mark.parametrize("size", [1, 2, 10])
def test_subtracts_the_median_and_divides_by_the_distance_of_the_quartiles(size: int) -> None:
    x = np.array([[7.0], [1.0], [3.0], [2.0], [1e6]])  # quartiles 2 and 7, median 3
    layer = fitted("robust", x, size)
    assert layer.context.state["median"].tolist() == [3.0]
    assert layer.context.state["spread"].tolist() == [5.0]
    y = layer.forward(np.array([[3.0], [8.0], [-2.0]]), training=False)
    np.testing.assert_allclose(y, [[0.0], [1.0], [-1.0]], rtol=1e-15)
    np.testing.assert_allclose(slopes(layer, x), 0.2, rtol=1e-15)


def test_quartiles_lie_between_values_where_their_number_asks_for_it() -> None:
    layer = fitted("robust", np.array([[0.0], [1.0], [2.0], [3.0]]))
    assert layer.context.state["median"].tolist() == [1.5]
    assert layer.context.state["spread"].tolist() == [1.5]


def test_half_the_range_stands_in_for_quartiles_that_agree() -> None:
    x = np.array([[5.0], [5.0], [5.0], [5.0], [5.0], [1.0], [9.0]])
    layer = fitted("robust", x)
    assert layer.context.state["spread"].tolist() == [4.0]
    assert layer.forward(x, training=True)[-2:].tolist() == [[-1.0], [1.0]]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.filterwarnings("error")
def test_a_constant_feature_gives_0_whatever_comes(dtype: FloatType) -> None:
    layer = fitted("robust", np.full((7, 1), 0.1, dtype), 3, dtype)
    new: Array = np.array([[0.1], [5.0], [-1e9]]).astype(dtype)
    assert layer.forward(new, training=False).tolist() == [[0.0]] * 3
    assert slopes(layer, new).tolist() == [[0.0]] * 3


def test_every_axis_but_the_last_counts_as_examples() -> None:
    x = np.random.default_rng(0).normal(5, 2, (10, 3, 4, 2))
    layer = fitted("robust", x)
    np.testing.assert_allclose(
        layer.context.state["median"], np.median(x.reshape(-1, 2), axis=0), rtol=1e-14
    )


def test_steps_that_are_padding_do_not_count() -> None:
    x = np.array([[[1.0], [99.0]], [[5.0], [3.0]]])
    layer = fitted("robust", x, 2, mask=np.array([[1.0, 0.0], [1.0, 1.0]]))
    assert layer.context.state["median"].tolist() == [3.0]


def test_does_nothing_before_it_has_adapted() -> None:
    layer = build_layer(RobustConfig(), input_shape=(2,))
    assert layer.forward(np.array([[3.0, 4.0]]), training=False).tolist() == [[3.0, 4.0]]


def test_refuses_a_single_number() -> None:
    with pytest.raises(ShapeError, match=r"expects an axis of features.* found \(\)"):
        RobustConfig().plan(())
