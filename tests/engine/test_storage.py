from __future__ import annotations

import numpy as np

from layerkit.arrays import Array
from layerkit.engine.storage import Storage
from layerkit.plan.network import NetworkPlan, plan_network
from layerkit.spec.loading import parse_spec

SPEC = """
layers = [{type = "dense", units = 5}, "tanh", {type = "dense", units = 3}]
data = "blobs"
loss = "softmax_cross_entropy"
optimizer = {type = "sgd", learning_rate = 0.1}
seed = SEED
"""


def plan(seed: int = 0, spec: str = SPEC) -> NetworkPlan:
    return plan_network(parse_spec(spec.replace("SEED", str(seed))))


def test_parameters_are_views_into_one_vector_without_gaps() -> None:
    storage = Storage.allocate(plan())
    storage.vector.value[:] = np.arange(storage.vector.value.size)
    flat = [parameter.value.reshape(-1) for parameter in storage.params.values()]
    np.testing.assert_array_equal(np.concatenate(flat), storage.vector.value)


def test_gradients_are_views_into_another_vector() -> None:
    storage = Storage.allocate(plan())
    storage.params["dense_2.bias"].grad.fill(7)
    assert storage.vector.grad.sum() == 21
    assert not storage.vector.value.any()


def test_the_seed_decides_what_parameters_start_from() -> None:
    starts: list[Array] = []
    for seed in (1, 1, 2):
        storage = Storage.allocate(plan(seed))
        storage.initialize(plan(seed))
        starts.append(storage.vector.value)
    np.testing.assert_array_equal(starts[0], starts[1])
    assert not np.array_equal(starts[0], starts[2])


def test_another_layer_shifts_no_other_layers_start() -> None:
    more = SPEC.replace('"tanh",', '"tanh", "dropout",')
    storage, other = Storage.allocate(plan()), Storage.allocate(plan(spec=more))
    storage.initialize(plan())
    other.initialize(plan(spec=more))
    np.testing.assert_array_equal(storage.vector.value, other.vector.value)


def test_what_was_copied_can_be_restored() -> None:
    storage = Storage.allocate(plan())
    storage.initialize(plan())
    copies = storage.copy()
    before = storage.vector.value.copy()
    storage.vector.value.fill(0)
    storage.restore(copies)
    np.testing.assert_array_equal(storage.vector.value, before)


def test_the_storage_of_a_shard_shares_parameters_but_neither_gradients_nor_state() -> None:
    storage = Storage.allocate(plan())
    other = storage.for_shard(plan())
    assert other.params.keys() == storage.params.keys()
    for path, parameter in storage.params.items():
        assert np.shares_memory(parameter.value, other.params[path].value)
        assert not np.shares_memory(parameter.grad, other.params[path].grad)
    assert np.shares_memory(other.params["dense_2.bias"].grad, other.vector.grad)
