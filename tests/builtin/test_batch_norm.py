from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Array, Shape
from layerkit.builtin.batch_norm import BatchNormConfig
from layerkit.builtin.ones import OnesConfig
from layerkit.builtin.zeros import ZerosConfig
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.engine.batches import BatchLoader
from layerkit.engine.checkpoint import Progress
from layerkit.engine.data import load_data, split
from layerkit.engine.gradient import BatchGradient
from layerkit.engine.network import Network
from layerkit.engine.trainer import Trainer
from layerkit.engine.training_run import TrainingRun
from layerkit.engine.workers import WorkerPool, threads_for
from layerkit.errors import ShapeError
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer
from tests.helpers.specs import small_plan

IN_A_NETWORK = (
    "dtype=float64",
    'layers=[{type="dense", units=8}, "batch_norm", "tanh", {type="dense", units=3}]',
    "training.threads=2",
)


def batch_norm(
    *,
    shape: Shape = (1,),
    scale: float = 1.0,
    shift: float = 0.0,
    epsilon: float = 0.75,
    momentum: float = 0.9,
    mask: Array | None = None,
) -> Layer[LayerConfig]:
    config = BatchNormConfig(epsilon=epsilon, momentum=momentum)
    layer = build_layer(config, input_shape=shape, mask=mask)
    layer.context.params["scale"].value.fill(scale)
    layer.context.params["shift"].value.fill(shift)
    return layer


def running(layer: Layer[LayerConfig]) -> dict[str, list[float]]:
    return {name: array.tolist() for name, array in layer.context.state.items()}


@pytest.mark.parametrize("shape", [(7,), (1,), (4, 3), (2, 3, 2)])
@pytest.mark.parametrize("epsilon", [1e-5, 0.1])
def test_keeps_the_contract_of_layers(shape: Shape, epsilon: float) -> None:
    check_layer(BatchNormConfig(epsilon=epsilon), input_shape=shape)


def test_training_normalizes_by_the_mean_and_the_biased_variance_of_the_batch() -> None:
    layer = batch_norm(scale=10, shift=3)
    y = layer.forward(np.array([[1.0], [2.0]]), training=True)
    assert y.tolist() == [[-2.0], [8.0]]  # variance 1/4, deviation 1


def test_gradients_are_those_worked_out_by_hand() -> None:
    layer = batch_norm(scale=10, shift=3)
    layer.forward(np.array([[1.0], [2.0]]), training=True)
    dx = layer.backward(np.array([[4.0], [0.0]]))
    assert dx is not None
    # z = (-1/2, 1/2): mean of dy = 2, mean of dy * z = -1, so 4 - 2 - 1/2 and its negative
    assert dx.tolist() == [[15.0], [-15.0]]
    assert layer.context.params["scale"].grad.tolist() == [-2.0]
    assert layer.context.params["shift"].grad.tolist() == [4.0]


def test_channels_are_the_last_axis() -> None:
    x = np.random.default_rng(0).normal([1, 5], [2, 0.1], (4, 3, 6, 2))
    y = batch_norm(shape=(3, 6, 2), epsilon=1e-12).forward(x, training=True)
    np.testing.assert_allclose(y.mean(axis=(0, 1, 2)), 0, atol=1e-13)
    np.testing.assert_allclose(y.std(axis=(0, 1, 2)), 1, rtol=1e-9)


def test_momentum_is_the_part_of_the_running_statistics_that_a_step_keeps() -> None:
    layer = batch_norm(momentum=0.75)
    layer.forward(np.array([[1.0], [3.0]]), training=True)
    assert running(layer) == {"mean": [0.5], "variance": [1.25]}  # (0, 1) to (2, 2) by a quarter
    layer.forward(np.array([[1.0], [3.0]]), training=True)
    assert running(layer) == {"mean": [0.875], "variance": [1.4375]}


def test_the_running_variance_is_unbiased() -> None:
    layer = batch_norm(momentum=0)
    layer.forward(np.array([[1.0], [2.0], [6.0]]), training=True)
    assert running(layer) == {"mean": [3.0], "variance": [7.0]}  # (4 + 1 + 9) / 2


def test_evaluation_normalizes_by_the_running_statistics_and_leaves_them() -> None:
    layer = batch_norm(scale=10, shift=3)
    layer.context.state["mean"].fill(5)
    layer.context.state["variance"].fill(3.25)
    y = layer.forward(np.array([[7.0], [5.0], [3.0]]), training=False)
    assert y.tolist() == [[13.0], [3.0], [-7.0]]
    assert running(layer) == {"mean": [5.0], "variance": [3.25]}


def test_one_value_per_feature_gives_the_shift_and_leaves_the_running_variance() -> None:
    layer = batch_norm(shift=3, momentum=0.75)
    assert layer.forward(np.array([[8.0]]), training=True).tolist() == [[3.0]]
    assert running(layer) == {"mean": [2.0], "variance": [1.0]}
    dx = layer.backward(np.array([[5.0]]))
    assert dx is not None
    assert dx.tolist() == [[0.0]]
    assert layer.context.params["scale"].grad.tolist() == [0.0]
    assert layer.context.params["shift"].grad.tolist() == [5.0]


def test_one_example_with_other_axes_has_a_variance() -> None:
    layer = batch_norm(shape=(2, 1), momentum=0)
    y = layer.forward(np.array([[[1.0], [2.0]]]), training=True)
    assert y.tolist() == [[[-0.5], [0.5]]]
    assert running(layer) == {"mean": [1.5], "variance": [0.5]}


def test_padding_of_sequences_does_not_count() -> None:
    rng = np.random.default_rng(0)
    mask = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
    counts = mask > 0
    x, dy = rng.normal(size=(2, 4, 3, 2))
    dy[~counts] = 0
    padded, packed = (
        build_layer(BatchNormConfig(), input_shape=shape, batch_size=6, mask=each)
        for shape, each in (((3, 2), mask), ((2,), None))
    )
    y = padded.forward(x, training=True).copy()
    np.testing.assert_allclose(y[counts], packed.forward(x[counts], training=True), rtol=1e-12)
    dx, dx_packed = padded.backward(dy.copy()), packed.backward(dy[counts])
    assert dx is not None
    assert dx_packed is not None
    np.testing.assert_allclose(dx[counts], dx_packed, rtol=1e-11)
    assert not dx[~counts].any()
    for name, state in padded.context.state.items():
        np.testing.assert_allclose(state, packed.context.state[name], rtol=1e-12)
    for name, parameter in padded.context.params.items():
        np.testing.assert_allclose(parameter.grad, packed.context.params[name].grad, rtol=1e-12)


def test_padding_that_has_a_gradient_all_the_same_gets_it_through() -> None:
    # Padding is normalized by statistics that do not depend on it.
    mask = np.array([[1.0, 1.0, 0.0]])
    layer = batch_norm(shape=(3, 1), mask=mask)
    x = np.array([[[1.0], [2.0], [9.0]]])
    assert layer.forward(x, training=True).tolist() == [[[-0.5], [0.5], [7.5]]]
    dx = layer.backward(np.array([[[0.0], [0.0], [2.0]]]))
    assert dx is not None
    # mean of dy = 1, mean of dy * z = 7.5: what counts gets -1 - 7.5 z
    assert dx.tolist() == [[[2.75], [-4.75], [2.0]]]


def test_a_batch_of_padding_alone_changes_no_statistics() -> None:
    layer = batch_norm(shape=(2, 1), mask=np.zeros((4, 2)))
    layer.context.state["mean"].fill(5)
    y = layer.forward(np.ones((1, 2, 1)), training=True)
    assert np.all(np.isfinite(y))
    assert running(layer) == {"mean": [5.0], "variance": [1.0]}


def test_a_mask_of_steps_that_are_no_axis_any_more_is_ignored() -> None:
    layer = batch_norm(mask=np.array([[1.0, 0.0], [0.0, 0.0]]))
    assert layer.forward(np.array([[1.0], [2.0]]), training=True).tolist() == [[-0.5], [0.5]]


@pytest.mark.parametrize("size", [1, 2, 5])
def test_recalibrates_to_the_statistics_of_all_examples_together(size: int) -> None:
    x = np.random.default_rng(0).normal(3, 2, (5, 4, 2))
    layer = build_layer(BatchNormConfig(), input_shape=(4, 2), trains=False)

    def batches() -> Iterator[Array]:
        for start in range(0, len(x), size):
            yield x[start : start + size]

    layer.context.state["variance"].fill(99)
    layer.recalibrate(batches)
    state = layer.context.state
    np.testing.assert_allclose(state["mean"], x.mean(axis=(0, 1)), rtol=1e-13)
    np.testing.assert_allclose(state["variance"], x.var(axis=(0, 1), ddof=1), rtol=1e-13)


def test_recalibration_leaves_the_variance_if_there_is_one_value() -> None:
    layer = batch_norm()
    layer.recalibrate(lambda: [np.array([[3.0]])])
    assert running(layer) == {"mean": [3.0], "variance": [1.0]}
    layer.recalibrate(list[Array])
    assert running(layer) == {"mean": [3.0], "variance": [1.0]}


def test_recalibration_leaves_out_padding() -> None:
    layer = batch_norm(shape=(2, 1), mask=np.array([[1.0, 0.0], [1.0, 1.0]]))
    layer.recalibrate(lambda: [np.array([[[1.0], [99.0]], [[5.0], [3.0]]])])
    assert running(layer) == {"mean": [3.0], "variance": [4.0]}


def test_recalibrates_in_a_network_by_its_training_examples() -> None:
    network = Network(small_plan(*IN_A_NETWORK))
    data = load_data(network.plan)
    train, _, _ = split(network.plan, data)
    TrainingRun(network, train, Progress()).recalibrate()
    x = train.examples.inputs[train.rows].astype(np.float64)
    reaching = x @ network.parameters["dense_1.weight"] + network.parameters["dense_1.bias"]
    state = network.storage.state
    np.testing.assert_allclose(state["batch_norm_1.mean"], reaching.mean(axis=0), rtol=1e-10)
    np.testing.assert_allclose(
        state["batch_norm_1.variance"], reaching.var(axis=0, ddof=1), rtol=1e-10
    )


def test_after_a_step_in_shards_the_state_is_the_mean_of_the_shards() -> None:
    network = Network(small_plan(*IN_A_NETWORK))
    data = load_data(network.plan)
    batch = BatchLoader(data.train, 16, network.plan.dtype).load(np.arange(16) * 7)
    expected: list[Array] = []
    for half in (slice(0, 8), slice(8, 16)):
        alone = Network(network.plan)
        with WorkerPool(1) as workers:
            gradient = BatchGradient(alone, 8, workers)
            gradient(batch.inputs[half], batch.targets[half], None, 1)
        expected.append(alone.storage.state_vector)
    assert not np.allclose(expected[0], expected[1])
    with WorkerPool(2) as workers:
        BatchGradient(network, 16, workers)(batch.inputs, batch.targets, None, 1)
    found = network.storage.state_vector
    np.testing.assert_allclose(found, (expected[0] + expected[1]) / 2, rtol=1e-12)


def test_trains_in_shards() -> None:
    network = Network(small_plan(*IN_A_NETWORK))
    assert network.plan.threads.shards == 2
    with threads_for(network.plan.threads) as workers:
        history = Trainer(network, load_data(network.plan), workers=workers).train()
    first, last = history.epochs[0], history.epochs[-1]
    assert last.train["loss"] < first.train["loss"]
    assert last.validation["accuracy"] > 0.9
    assert np.all(network.storage.state["batch_norm_1.mean"] != 0)


def test_plans_parameters_that_do_not_decay_and_state_that_does_nothing_yet() -> None:
    plan = BatchNormConfig().plan((28, 7))
    scale, shift = plan.params["scale"], plan.params["shift"]
    assert plan.output == (28, 7)
    assert (scale.shape, scale.initializer, scale.decay) == ((7,), OnesConfig(), False)
    assert (shift.shape, shift.initializer, shift.decay) == ((7,), ZerosConfig(), False)
    assert {name: (each.shape, each.fill) for name, each in plan.state.items()} == {
        "mean": ((7,), 0.0),
        "variance": ((7,), 1.0),
    }


def test_refuses_a_single_number() -> None:
    with pytest.raises(ShapeError, match=r"expects an axis of features.* found \(\)"):
        BatchNormConfig().plan(())


@pytest.mark.parametrize("momentum", [-0.1, 1.0, "much"])
def test_momentum_is_a_fraction_below_one(momentum: object) -> None:
    with pytest.raises(ValidationError, match="momentum"):
        BatchNormConfig.model_validate({"momentum": momentum})


@pytest.mark.parametrize("epsilon", [0.0, -1e-5, "small"])
def test_epsilon_is_above_zero(epsilon: object) -> None:
    with pytest.raises(ValidationError, match="epsilon"):
        BatchNormConfig.model_validate({"epsilon": epsilon})
