from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Array, Targets
from layerkit.contracts import Examples
from layerkit.engine.batches import Gatherer
from layerkit.engine.gradient import Pass, ShardedPass
from layerkit.engine.network import Network
from layerkit.engine.run import load_data

from .specs import small_plan

WITHOUT_DROPOUT = ("dtype=float64", "layers.2.rate=0.0")


def batch(network: Network, count: int) -> tuple[Array, Targets]:
    data: Examples = load_data(network.plan).train
    return Gatherer(data, count, network.plan.dtype).gather(np.arange(count) * 7)


@pytest.mark.parametrize("count", [16, 15, 4, 2, 1])
@pytest.mark.parametrize("shards", [2, 3])
def test_shards_have_the_gradient_of_the_whole_batch(count: int, shards: int) -> None:
    network = Network(small_plan(*WITHOUT_DROPOUT))
    x, targets = batch(network, count)
    loss = Pass(network, network.storage, 16)(x, targets)
    expected = network.storage.vector.grad.copy()
    network.storage.vector.grad.fill(np.nan)
    assert ShardedPass(network, 16, shards)(x, targets) == pytest.approx(loss, rel=1e-13)
    np.testing.assert_allclose(network.storage.vector.grad, expected, rtol=1e-12, atol=1e-16)


def test_shards_give_the_same_bits_every_time() -> None:
    gradients: list[Array] = []
    for _ in range(5):
        network = Network(small_plan())
        sharded = ShardedPass(network, 16, 2)
        for _ in range(3):
            sharded(*batch(network, 16))
        gradients.append(network.storage.vector.grad)
    for gradient in gradients[1:]:
        np.testing.assert_array_equal(gradient, gradients[0])


def test_every_shard_drops_other_units() -> None:
    network = Network(small_plan("layers.0.units=400", "regularizers=[]"))
    x, targets = batch(network, 1)
    both = np.concatenate([x, x]), np.concatenate([targets, targets])
    ShardedPass(network, 2, 2)(*both)
    kept = np.count_nonzero(network.storage.params["dense_2.weight"].grad.any(axis=1))
    assert 250 < kept < 350  # of 400, each kept by one or both of two shards at rate 0.5
