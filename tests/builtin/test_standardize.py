from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from layerkit.arrays import Array, FloatType, Shape
from layerkit.builtin.standardize import StandardizeConfig
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.engine.data import load_data, split
from layerkit.engine.network import Network
from layerkit.engine.trainer import Trainer
from layerkit.errors import ShapeError
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer
from layerkit.testing.sampling import DTYPES, FLOAT32, FLOAT64
from tests.helpers.specs import small_plan


def standardize(
    x: Array, size: int = 3, dtype: FloatType = FLOAT64, mask: Array | None = None
) -> Layer[LayerConfig]:
    """Return a layer that has adapted to ``x``, in batches that overwrite one another."""
    layer = build_layer(
        StandardizeConfig(), input_shape=x.shape[1:], batch_size=len(x), dtype=dtype, mask=mask
    )
    memory: Array = np.zeros((size, *x.shape[1:]), dtype)

    def batches() -> Iterator[Array]:
        for start in range(0, len(x), size):
            rows = x[start : start + size]
            np.copyto(memory[: len(rows)], rows)
            yield memory[: len(rows)]

    layer.adapt(batches)
    return layer


@pytest.mark.parametrize("shape", [(7,), (1,), (3, 5), (2, 3, 2)])
def test_keeps_the_contract_of_layers(shape: Shape) -> None:
    check_layer("standardize", input_shape=shape)


@pytest.mark.parametrize("training", [True, False])
def test_subtracts_the_mean_and_divides_by_the_deviation(training: bool) -> None:
    x = np.array([[1.0, 50.0], [3.0, 50.0], [1.0, 10.0], [3.0, 10.0]])
    layer = standardize(x)
    assert layer.context.state["mean"].tolist() == [2.0, 30.0]
    assert layer.context.state["deviation"].tolist() == [1.0, 20.0]
    y = layer.forward(np.array([[5.0, 40.0], [2.0, 30.0]]), training=training)
    assert y.tolist() == [[3.0, 0.5], [0.0, 0.0]]


def test_the_gradient_is_divided_by_the_deviation() -> None:
    x = np.array([[1.0, 50.0], [3.0, 10.0]])
    layer = standardize(x)
    layer.forward(x, training=True)
    dx = layer.backward(np.array([[1.0, 1.0], [2.0, 10.0]]))
    assert dx is not None
    assert dx.tolist() == [[1.0, 0.05], [2.0, 0.5]]


@pytest.mark.parametrize("size", [1, 2, 10])
def test_measures_over_examples_and_every_axis_but_the_last(size: int) -> None:
    x = np.random.default_rng(0).normal(5, 2, (10, 3, 4, 2))
    y = standardize(x, size).forward(x, training=False)
    np.testing.assert_allclose(y.mean(axis=(0, 1, 2)), 0, atol=1e-14)
    np.testing.assert_allclose(y.std(axis=(0, 1, 2)), 1, rtol=1e-14)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("value", [0.0, 0.1, -1e6, 255 / 256])
@pytest.mark.filterwarnings("error")
def test_a_feature_that_was_always_the_same_gives_zero_whatever_comes(
    value: float, dtype: FloatType
) -> None:
    x = np.full((1000, 2), value, dtype)
    x[:, 1] = np.arange(1000)
    layer = standardize(x, 7, dtype)
    assert layer.context.state["deviation"][0] == 0
    new: Array = np.array([[value, 0], [value + 1, 0], [1e9, 0]]).astype(dtype)
    assert layer.forward(new, training=True)[:, 0].tolist() == [0.0, 0.0, 0.0]
    dx = layer.backward(np.ones((3, 2), dtype))
    assert dx is not None
    assert dx[:, 0].tolist() == [0.0, 0.0, 0.0]


def test_a_deviation_too_small_for_a_reciprocal_counts_as_none() -> None:
    x: Array = np.array([[0.0], [1e-40]]).astype(FLOAT32)
    assert standardize(x, dtype=FLOAT32).forward(x, training=False).tolist() == [[0.0], [0.0]]


def test_a_large_mean_costs_no_digits() -> None:
    wobble = np.random.default_rng(0).integers(-4, 5, (1000, 1)).astype(np.float64)
    layer = standardize(1e12 + wobble, 7)
    assert layer.context.state["deviation"][0] == pytest.approx(wobble.std(), rel=1e-12)


def test_steps_that_are_padding_do_not_count() -> None:
    x = np.array([[[1.0], [99.0]], [[5.0], [3.0]]])
    layer = standardize(x, 2, mask=np.array([[1.0, 0.0], [1.0, 1.0]]))
    assert layer.context.state["mean"].tolist() == [3.0]


def test_a_mask_of_steps_that_are_no_axis_any_more_is_ignored() -> None:
    layer = standardize(np.array([[1.0], [3.0]]), 2, mask=np.array([[1.0, 0.0], [0.0, 0.0]]))
    assert layer.context.state["mean"].tolist() == [2.0]


def test_does_nothing_before_it_has_adapted() -> None:
    layer = build_layer(StandardizeConfig(), input_shape=(2,))
    assert layer.forward(np.array([[3.0, 4.0]]), training=False).tolist() == [[3.0, 4.0]]


def test_training_adapts_to_the_training_examples_alone_and_saves_the_result() -> None:
    network = Network(
        small_plan("dtype=float64", 'layers=["standardize", {type="dense", units=3}]')
    )
    data = load_data(network.plan)
    Trainer(network, data).train()
    train, validation, _ = split(network.plan, data)
    x = train.examples.inputs[train.rows].astype(np.float64)
    assert 0 < len(validation) < len(validation) + len(x) == len(data.train.inputs)
    saved = network.arrays
    np.testing.assert_allclose(saved["standardize_1.mean"], x.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(saved["standardize_1.deviation"], x.std(axis=0), rtol=1e-12)


def test_has_no_parameters() -> None:
    plan = StandardizeConfig().plan((28, 7))
    assert (plan.output, dict(plan.params)) == ((28, 7), {})


def test_refuses_a_single_number() -> None:
    with pytest.raises(ShapeError, match=r"expects an axis of features.* found \(\)"):
        StandardizeConfig().plan(())
