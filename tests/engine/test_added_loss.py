"""What layers add to the loss is in the objective, in its gradient and in the figures of a run."""

from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.contracts.schedule import ScheduleContext
from layerkit.engine.batches import Batch
from layerkit.engine.data import load_data
from layerkit.engine.gradient import BatchGradient
from layerkit.engine.network import Network
from layerkit.engine.step import TrainingStep
from layerkit.engine.training import train
from layerkit.engine.workers import WorkerPool
from layerkit.testing.differences import central_differences, expect_gradient
from layerkit.testing.resume import check_resume
from tests.helpers.specs import small_plan, small_spec

PENALIZED = (
    "dtype=float64",
    "layers=[{type='dense', units=5}, 'tanh', {type='activity_regularization', l1=0.1, l2=0.2}, "
    "{type='residual', layers=[{type='dense', units=5}, "
    "{type='activity_regularization', l2=0.3}]}, {type='dense', units=3}]",
    "regularizers=[]",
)


def loss_and_gradient(network: Network, shards: int) -> tuple[float, float, Array]:
    """Return loss, what layers add, and the gradient of both, of a batch in so many shards."""
    data = load_data(network.plan).train
    x, targets = data.inputs[:15].astype(np.float64), data.targets[:15]
    weights = np.linspace(0, 2, 15)
    with WorkerPool(shards) as workers:
        gradient = BatchGradient(network, 15, workers)
        loss = gradient(x, targets, weights, 1)
        total: Array = sum(gradient.added, network.storage.vector.grad.copy())
        return loss, gradient.added_loss, total


def test_the_gradient_is_that_of_the_loss_and_what_layers_add() -> None:
    network = Network(small_plan(*PENALIZED))
    value = network.storage.vector.value

    def objective() -> Array:
        loss, added, _ = loss_and_gradient(network, 1)
        return np.array([loss, added])

    _, added, found = loss_and_gradient(network, 1)
    assert added > 0.1
    positions = np.arange(value.size)
    numeric = central_differences(objective, np.ones(2), value, positions)
    expect_gradient("gradient of the objective", numeric, found, positions)


@pytest.mark.parametrize("shards", [2, 4])
def test_shards_add_up_to_what_the_whole_batch_adds(shards: int) -> None:
    network = Network(small_plan(*PENALIZED))
    expected = loss_and_gradient(network, 1)
    found = loss_and_gradient(network, shards)
    assert found[:2] == pytest.approx(expected[:2], rel=1e-13)
    np.testing.assert_allclose(found[2], expected[2], rtol=1e-11, atol=1e-16)


def test_a_step_returns_it_with_the_penalties_and_a_line_search_sees_it() -> None:
    plan = small_plan(*PENALIZED, "optimizer={type='lbfgs'}", "training.batch_size='full'")
    network = Network(plan)
    data = load_data(plan).train
    step = TrainingStep(network, len(data), ScheduleContext(1.0, 1, 5))
    batch = Batch(data.inputs.astype(np.float64), data.targets, None)
    totals = [sum(step(batch, 1.0, number)) for number in range(1, 6)]
    assert totals == sorted(totals, reverse=True)
    assert step(batch, 1.0, 6)[1] > 0


def test_a_run_reports_it_as_a_penalty_of_training_alone() -> None:
    result = train(small_spec(*PENALIZED, "training.epochs=1"))
    figures = result.history[0]
    assert figures.train["penalty"] > 0.01
    assert set(figures.validation) == {"loss", "accuracy"}


def test_by_hand_the_loss_has_it_too() -> None:
    network = Network(small_plan(*PENALIZED))
    data = load_data(network.plan).train
    x, targets = np.asarray(data.inputs[:15]), np.asarray(data.targets[:15])
    network.forward(x)
    loss = network.backward(targets)
    gradient = BatchGradient(network, 15, WorkerPool())
    expected = gradient(x.astype(np.float64), targets, None, 1)
    assert loss == pytest.approx(expected + gradient.added_loss, rel=1e-13)


def test_a_run_resumes_in_the_same_bits() -> None:
    assert check_resume(small_spec(*PENALIZED, "training.threads=2"), steps=6) > 6
