from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.engine.batches import BatchLoader
from layerkit.engine.data import load_data
from layerkit.engine.gradient import BatchGradient
from layerkit.engine.network import Network
from layerkit.engine.training import train
from layerkit.engine.workers import WorkerPool
from layerkit.plan.network import plan_network
from layerkit.testing.differences import central_differences, expect_gradient
from tests.helpers.specs import problems, small_plan, small_spec

TIED = """
seed = 3
dtype = "float64"
layers = [
    {type = "dense", units = 4},
    "tanh",
    {type = "dense", units = 4},
    "tanh",
    {type = "dense", units = 4},
    "tanh",
    {type = "dense", units = 3},
]
ties = [{parameter = "dense_3.weight", shares = "dense_2.weight", transposed = TRANSPOSED}]
loss = "softmax_cross_entropy"
data = {type = "blobs", train_per_class = 10, test_per_class = 5}
optimizer = {type = "sgd", learning_rate = 0.1}
training = {epochs = 2, batch_size = 10}
"""


def tied(*overrides: str, transposed: bool = False) -> Network:
    text = TIED.replace("TRANSPOSED", str(transposed).lower())
    return Network(plan_network(small_spec(*overrides, text=text)))


def gradient(network: Network, shards: int = 1) -> tuple[float, Array]:
    """Return loss and gradient of one batch; afterwards, they are in the network's storage."""
    loader = BatchLoader(load_data(network.plan).train, 10, network.plan.dtype)
    batch = loader.load(np.arange(10) * 3)
    with WorkerPool(shards) as workers:
        compute = BatchGradient(network, 10, workers)
        loss = compute(batch.inputs, batch.targets, batch.weights, 1)
        return loss, sum(compute.added, network.storage.vector.grad.copy())


@pytest.mark.parametrize("transposed", [False, True])
def test_the_tied_parameter_is_a_view_of_the_shared_one(*, transposed: bool) -> None:
    network = tied(transposed=transposed)
    shared, own = network.parameters["dense_2.weight"], network.parameters["dense_3.weight"]
    assert np.shares_memory(shared, own)
    np.testing.assert_array_equal(own, shared.T if transposed else shared)
    assert "dense_3.weight" not in network.arrays
    assert network.storage.vector.value.size == network.plan.size == 12 + 20 + 4 + 15


@pytest.mark.parametrize("shards", [1, 2])
@pytest.mark.parametrize("transposed", [False, True])
def test_its_gradient_is_that_of_both_uses_by_differences(*, transposed: bool, shards: int) -> None:
    network = tied(transposed=transposed)
    _, found = gradient(network, shards)
    values = network.storage.vector.value
    positions = np.arange(values.size)

    def loss() -> Array:
        return np.array(gradient(network)[0])

    numeric = central_differences(loss, np.ones(()), values, positions)
    expect_gradient("gradient of tied parameters", numeric, found, positions)


@pytest.mark.parametrize("transposed", [False, True])
def test_its_gradient_is_the_sum_of_those_of_two_parameters_with_equal_values(
    *, transposed: bool
) -> None:
    network, apart = tied(transposed=transposed), tied("ties=[]")
    for path, value in apart.parameters.items():
        np.copyto(value, network.parameters[path])
    gradient(network)
    gradient(apart)
    one = apart.storage.params["dense_2.weight"].grad
    other = apart.storage.params["dense_3.weight"].grad
    both = one + (other.T if transposed else other)
    np.testing.assert_allclose(network.storage.params["dense_2.weight"].grad, both, rtol=1e-12)


@pytest.mark.parametrize("transposed", [False, True])
def test_training_keeps_them_equal_and_starts_as_without_the_tie(*, transposed: bool) -> None:
    network, apart = tied(transposed=transposed), tied("ties=[]")
    for path in network.storage.extents:
        np.testing.assert_array_equal(network.parameters[path], apart.parameters[path])
    trained = train(network.plan).network
    shared, own = trained.parameters["dense_2.weight"], trained.parameters["dense_3.weight"]
    np.testing.assert_array_equal(own, shared.T if transposed else shared)
    assert not np.array_equal(shared, network.parameters["dense_2.weight"])


def test_a_tie_to_what_is_frozen_is_frozen_too() -> None:
    groups = 'optimizer.groups=[{parameters=["dense_2.weight"], rate=0}]'
    network = tied(groups)
    trained = train(network.plan).network
    before = network.parameters["dense_3.weight"]
    np.testing.assert_array_equal(trained.parameters["dense_3.weight"], before)


def test_a_group_cannot_name_a_parameter_without_values_of_its_own() -> None:
    text = TIED.replace("TRANSPOSED", "false")
    found = problems('optimizer.groups=[{parameters=["dense_3.weight"], rate=0}]', text=text)
    assert found[0].startswith("optimizer.groups.0.parameters.0: expected a pattern that matches")


@pytest.mark.parametrize(
    ("tie", "problem"),
    [
        (
            '{parameter="dense_3.weigth", shares="dense_2.weight"}',
            "ties.0.parameter: expected the path of a parameter, found 'dense_3.weigth'",
        ),
        (
            '{parameter="dense_4.weight", shares="dense_2.weight"}',
            "ties.0: expected dense_4.weight of shape (4, 4), found (4, 3)",
        ),
        (
            '{parameter="dense_2.weight", shares="dense_2.weight"}',
            "ties.0.shares: expected a parameter with values of its own, found 'dense_2.weight'",
        ),
    ],
)
def test_ties_that_cannot_be_are_refused(tie: str, problem: str) -> None:
    found = problems(f"ties=[{tie}]", text=TIED.replace("TRANSPOSED", "false"))
    assert any(each.startswith(problem) for each in found)


def test_the_gradient_of_a_frozen_parameter_does_not_grow_by_those_that_share_it() -> None:
    plan = small_plan(
        'layers=[{type = "dense", units = 2}, {type = "dense", units = 2}, '
        '{type = "dense", units = 2}, {type = "dense", units = 3}]',
        'ties=[{parameter = "dense_3.weight", shares = "dense_1.weight"}]',
        'optimizer.groups=[{parameters = ["dense_1.*"], rate = 0.0}]',
    )
    network, data = Network(plan), load_data(plan).train
    gradient = BatchGradient(network, 16, WorkerPool())
    batch = BatchLoader(data, 16, plan.dtype).load(np.arange(16))
    for step in (1, 2, 3):
        gradient(batch.inputs, batch.targets, None, step)
    assert np.abs(network.storage.params["dense_3.weight"].grad).max() > 1e-3
    assert not np.any(network.storage.params["dense_1.weight"].grad)
