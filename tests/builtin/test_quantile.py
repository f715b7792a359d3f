from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Array, FloatType, Shape
from layerkit.builtin.quantile import QuantileConfig
from layerkit.errors import ShapeError
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer
from layerkit.testing.sampling import DTYPES, FLOAT32
from tests.helpers.fitting import fitted, slopes

FOUR = np.array([[0.0], [10.0], [20.0], [40.0]])


@pytest.mark.parametrize("shape", [(7,), (1,), (3, 5), (2, 3, 2)])
@pytest.mark.parametrize("output", ["uniform", "normal"])
def test_keeps_the_contract_of_layers(shape: Shape, output: str) -> None:
    check_layer({"type": "quantile", "output": output, "quantiles": 5}, input_shape=shape)


@pytest.mark.parametrize("quantiles", [4, 1000])
@pytest.mark.parametrize("size", [1, 3, 10])
def test_a_value_becomes_the_share_below_it(quantiles: int, size: int) -> None:
    layer = fitted(QuantileConfig(quantiles=quantiles), FOUR, size)
    x = np.array([[0.0], [5.0], [10.0], [20.0], [30.0], [40.0], [-1.0], [99.0]])
    y = np.concatenate([layer.forward(part, training=False).copy() for part in (x[:4], x[4:])])
    expected = np.array([[0.0], [0.5], [1.0], [2.0], [2.5], [3.0], [0.0], [3.0]]) / 3
    np.testing.assert_allclose(y, expected, rtol=1e-15)


def test_a_smaller_table_is_interpolated() -> None:
    layer = fitted(QuantileConfig(quantiles=2), FOUR)
    assert layer.context.state["table"].tolist() == [[0.0, 40.0]]
    assert layer.forward(np.array([[10.0]]), training=False).tolist() == [[0.25]]


def test_a_value_that_many_examples_have_becomes_the_middle_of_their_shares() -> None:
    x = np.array([[1.0], [2.0], [2.0], [2.0], [3.0]])
    layer = fitted("quantile", x)
    y = layer.forward(x, training=False)
    assert y.tolist() == [[0.0], [0.5], [0.5], [0.5], [1.0]]
    near = layer.forward(np.array([[1.5], [2.5]]), training=False)
    assert near.tolist() == [[0.125], [0.875]]


def test_the_ends_are_0_and_1_though_many_examples_are_there() -> None:
    x = np.array([[1.0], [1.0], [2.0], [5.0], [5.0]])
    layer = fitted("quantile", x)
    assert layer.forward(x, training=False).tolist() == [[0.0], [0.0], [0.5], [1.0], [1.0]]


def test_a_normal_output_is_the_quantile_of_the_share() -> None:
    layer = fitted({"type": "quantile", "output": "normal"}, FOUR)
    y = layer.forward(np.array([[10.0], [30.0], [-5.0], [99.0]]), training=False)
    ends = NormalDist().inv_cdf(1e-7)
    expected = [NormalDist().inv_cdf(1 / 3), NormalDist().inv_cdf(2.5 / 3), ends, -ends]
    np.testing.assert_allclose(y[:, 0], expected, rtol=1e-8)


@pytest.mark.parametrize("output", ["uniform", "normal"])
def test_the_gradient_is_the_slope_between_the_entries_and_0_beyond(output: str) -> None:
    layer = fitted({"type": "quantile", "output": output}, FOUR)
    x, step = np.array([[5.0], [30.0], [-5.0], [99.0]]), 1e-5
    found = slopes(layer, x)
    up = layer.forward(x + step, training=False).copy()
    down = layer.forward(x - step, training=False).copy()
    np.testing.assert_allclose(found, (up - down) / (2 * step), rtol=1e-7, atol=1e-12)
    assert found[:, 0].tolist()[2:] == [0.0, 0.0]


@pytest.mark.parametrize("output", ["uniform", "normal"])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.filterwarnings("error")
def test_a_constant_feature_gives_0_whatever_comes(output: str, dtype: FloatType) -> None:
    x = np.full((7, 2), 0.1, dtype)
    x[:, 1] = np.arange(7)
    layer = fitted({"type": "quantile", "output": output}, x, 3, dtype)
    new: Array = np.array([[0.1, 3], [5.0, 3], [-1e9, 3]]).astype(dtype)
    y = layer.forward(new, training=False)
    assert y[:, 0].tolist() == [0.0] * 3
    assert y[:, 1] == pytest.approx(0.5 if output == "uniform" else 0, abs=1e-7)
    assert slopes(layer, new)[:, 0].tolist() == [0.0] * 3


def test_many_values_in_float32_become_normal() -> None:
    rng = np.random.default_rng(0)
    x = np.exp(rng.normal(size=(2000, 2))).astype(np.float32)
    layer = fitted({"type": "quantile", "output": "normal"}, x, 512, FLOAT32)
    y = layer.forward(x, training=False)
    assert y.mean(axis=0) == pytest.approx(0, abs=0.02)
    assert y.std(axis=0) == pytest.approx(1, abs=0.03)
    order = np.argsort(x[:, 0])
    assert np.all(np.diff(y[order, 0]) >= 0)


def test_steps_that_are_padding_do_not_count() -> None:
    x = np.array([[[1.0], [99.0]], [[5.0], [3.0]]])
    layer = fitted("quantile", x, 2, mask=np.array([[1.0, 0.0], [1.0, 1.0]]))
    assert layer.context.state["table"].max() == 5


def test_gives_0_before_it_has_adapted() -> None:
    layer = build_layer(QuantileConfig(output="normal"), input_shape=(2,))
    assert layer.forward(np.array([[3.0, 4.0]]), training=False).tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize("quantiles", [1, 0, 100_001, 2.5, True])
def test_a_table_has_2_to_100000_entries(quantiles: object) -> None:
    with pytest.raises(ValidationError, match="quantiles"):
        QuantileConfig.model_validate({"quantiles": quantiles})


def test_refuses_a_single_number() -> None:
    with pytest.raises(ShapeError, match=r"expects an axis of features.* found \(\)"):
        QuantileConfig().plan(())
