from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Array, Targets
from layerkit.contracts.dataset import Examples
from layerkit.engine.batches import BatchLoader
from layerkit.engine.data import load_data
from layerkit.engine.gradient import ForwardBackward, ShardedForwardBackward
from layerkit.engine.network import Network
from layerkit.engine.workers import WorkerPool
from tests.helpers.specs import small_plan

WITHOUT_DROPOUT = ("dtype=float64", "layers.2.rate=0.0")


def batch(network: Network, count: int) -> tuple[Array, Targets]:
    data: Examples = load_data(network.plan).train
    return BatchLoader(data, count, network.plan.dtype).load(np.arange(count) * 7)


def sharded_gradient(network: Network, x: Array, targets: Targets, shards: int) -> Array:
    """Return the sum of the shards' gradients, each from memory that was full of garbage."""
    with WorkerPool(shards) as workers:
        sharded = ShardedForwardBackward(network, len(x), workers)
        for grad in (network.storage.vector.grad, *sharded.added):
            grad.fill(np.nan)
        sharded(x, targets)
        return sum(sharded.added, network.storage.vector.grad.copy())


@pytest.mark.parametrize("count", [16, 15, 4, 2, 1])
@pytest.mark.parametrize("shards", [2, 3])
def test_shards_add_up_to_the_gradient_of_the_whole_batch(count: int, shards: int) -> None:
    network = Network(small_plan(*WITHOUT_DROPOUT))
    x, targets = batch(network, count)
    ForwardBackward(network, network.storage, 16)(x, targets)
    expected = network.storage.vector.grad.copy()
    found = sharded_gradient(network, x, targets, shards)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("count", [16, 15, 1])
def test_shards_have_the_mean_loss_of_the_whole_batch(count: int) -> None:
    network = Network(small_plan(*WITHOUT_DROPOUT))
    x, targets = batch(network, count)
    loss = ForwardBackward(network, network.storage, 16)(x, targets)
    with WorkerPool(2) as workers:
        found = ShardedForwardBackward(network, 16, workers)(x, targets)
    assert found == pytest.approx(loss, rel=1e-13)


def test_a_share_scales_loss_and_gradient() -> None:
    network = Network(small_plan(*WITHOUT_DROPOUT))
    run, (x, targets) = ForwardBackward(network, network.storage, 16), batch(network, 16)
    loss, grad = run(x, targets), network.storage.vector.grad.copy()
    assert run(x, targets, 0.25) == pytest.approx(loss / 4, rel=1e-15)
    np.testing.assert_allclose(network.storage.vector.grad, grad / 4, rtol=1e-12)


def test_shards_give_the_same_bits_every_time() -> None:
    gradients = [
        sharded_gradient(network, *batch(network, 16), 2)
        for network in (Network(small_plan()) for _ in range(5))
    ]
    for gradient in gradients[1:]:
        np.testing.assert_array_equal(gradient, gradients[0])


def test_every_shard_drops_other_units() -> None:
    network = Network(small_plan("layers.0.units=400", "regularizers=[]"))
    x, targets = batch(network, 1)
    both = np.concatenate([x, x]), np.concatenate([targets, targets])
    gradient = sharded_gradient(network, *both, 2)
    of_weight = gradient[network.storage.extents["dense_2.weight"]].reshape(400, -1)
    kept = np.count_nonzero(of_weight.any(axis=1))
    assert 250 < kept < 350  # of 400, each kept by one or both of two shards at rate 0.5
