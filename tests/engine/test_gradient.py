from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Array, Targets
from layerkit.contracts.dataset import Examples
from layerkit.engine.batches import BatchLoader
from layerkit.engine.data import load_data
from layerkit.engine.gradient import BatchGradient
from layerkit.engine.network import Network
from layerkit.engine.workers import WorkerPool
from tests.helpers.specs import small_plan

WITHOUT_DROPOUT = ("dtype=float64", "layers.2.rate=0.0")


def batch(network: Network, count: int) -> tuple[Array, Targets]:
    data: Examples = load_data(network.plan).train
    loaded = BatchLoader(data, count, network.plan.dtype).load(np.arange(count) * 7)
    return loaded.inputs, loaded.targets


def gradient_of(
    network: Network, x: Array, targets: Targets, shards: int, step: int = 1
) -> tuple[float, Array]:
    """Return loss and gradient in so many shards, from memory that was full of garbage."""
    with WorkerPool(shards) as workers:
        gradient = BatchGradient(network, len(x), workers)
        for grad in (network.storage.vector.grad, *gradient.added):
            grad.fill(np.nan)
        loss = gradient(x, targets, None, step)
        return loss, sum(gradient.added, network.storage.vector.grad.copy())


@pytest.mark.parametrize("count", [16, 15, 4, 2, 1])
@pytest.mark.parametrize("shards", [2, 3])
def test_shards_add_up_to_loss_and_gradient_of_the_whole_batch(count: int, shards: int) -> None:
    network = Network(small_plan(*WITHOUT_DROPOUT))
    x, targets = batch(network, count)
    expected_loss, expected = gradient_of(network, x, targets, 1)
    loss, found = gradient_of(network, x, targets, shards)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-16)
    assert loss == pytest.approx(expected_loss, rel=1e-13)


@pytest.mark.parametrize("shards", [1, 2])
def test_the_same_step_gives_the_same_bits_every_time(shards: int) -> None:
    networks = [Network(small_plan()) for _ in range(5)]
    gradients = [gradient_of(each, *batch(each, 16), shards)[1] for each in networks]
    gradients.append(gradient_of(networks[0], *batch(networks[0], 16), shards)[1])
    for gradient in gradients[1:]:
        np.testing.assert_array_equal(gradient, gradients[0])


def test_another_step_drops_other_units() -> None:
    network = Network(small_plan("layers.0.units=400"))
    x, targets = batch(network, 16)
    first, second = (gradient_of(network, x, targets, 1, step)[1] for step in (1, 2))
    assert not np.array_equal(first, second)


def test_every_shard_drops_other_units() -> None:
    network = Network(small_plan("layers.0.units=400", "regularizers=[]"))
    x, targets = batch(network, 1)
    both = np.concatenate([x, x]), np.concatenate([targets, targets])
    gradient = gradient_of(network, *both, 2)[1]
    of_weight = gradient[network.storage.extents["dense_2.weight"]].reshape(400, -1)
    kept = np.count_nonzero(of_weight.any(axis=1))
    assert 250 < kept < 350  # of 400, each kept by one or both of two shards at rate 0.5
