from __future__ import annotations

import numpy as np
import pytest

from layerkit.contracts.schedule import ScheduleContext
from layerkit.engine.batches import BatchLoader
from layerkit.engine.data import load_data
from layerkit.engine.network import Network
from layerkit.engine.step import TrainingStep
from layerkit.engine.update import FLUSH_EVERY
from layerkit.engine.workers import WorkerPool
from layerkit.testing.allocation import least_peak
from tests.helpers.specs import small_plan

RUN = ScheduleContext(0.1, steps_per_epoch=10, epochs=2)
ITERATOR_BUFFER = 8192 * 4 + 2048
"""NumPy's own, for a sum that broadcasts: small, and the same for every batch size."""


def test_a_step_lowers_the_loss_on_its_own_batch() -> None:
    plan = small_plan("layers.2.rate=0.0")
    network, data = Network(plan), load_data(plan).train
    step = TrainingStep(network, 16, RUN)
    batch = BatchLoader(data, 16, plan.dtype).load(np.arange(0, 144, 9))
    first, _ = step(batch, 0.1, 1)
    losses = [step(batch, 0.1, number)[0] for number in range(2, 20)]
    assert losses[-1] < first / 2


def test_the_penalty_is_that_of_the_weights_alone() -> None:
    plan = small_plan()
    network, data = Network(plan), load_data(plan).train
    for path in ("dense_1.bias", "dense_2.bias"):
        network.parameters[path].fill(100)
    weights = np.concatenate([network.parameters[f"dense_{n}.weight"].ravel() for n in (1, 2)])
    expected = 0.5e-3 * np.sum(weights**2) + 1e-4 * np.sum(np.abs(weights))
    batch = BatchLoader(data, 16, plan.dtype).load(np.arange(16))
    _, penalty = TrainingStep(network, 16, RUN)(batch, 0.1, 1)
    assert penalty == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(
    "optimizer",
    [
        '{type = "sgd", learning_rate = 0.1}',
        '{type = "sgd", learning_rate = 0.1, momentum = 0.9}',
        '{type = "sgd", learning_rate = 0.1, momentum = 0.9, nesterov = true}',
        "adam",
        "adamw",
        '{type = "lars", learning_rate = 0.1}',
    ],
)
def test_a_steady_step_allocates_no_arrays(optimizer: str, threads: int) -> None:
    assert peak_with(f"optimizer={optimizer}", threads=threads) < bound(threads)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(
    "setting",
    [
        'gradient_transforms=[{type = "clip_by_norm", max_norm = 0.1}]',
        'gradient_transforms=[{type = "clip_by_value", limit = 1e-3}]',
        'constraints=[{type = "max_norm", limit = 0.5}]',
        'layers.1={type = "residual", layers = ["batch_norm"]}',
        'layers.1={type = "residual", layers = ["layer_norm"]}',
    ],
)
def test_what_a_spec_adds_to_a_steady_step_allocates_no_arrays(setting: str, threads: int) -> None:
    assert peak_with(setting, threads=threads) < bound(threads)


def peak_with(setting: str, *, threads: int) -> int:
    """Return the bytes that steps of a wide network take in passing, with one more setting.

    One of the steps flushes the optimizer's state.
    """
    plan = small_plan("layers.0.units=512", "data.features=512", setting)
    network, data = Network(plan), load_data(plan).train
    rows, loader = np.zeros(512, np.int64), BatchLoader(data, 512, plan.dtype)
    with WorkerPool(threads) as workers:
        step = TrainingStep(network, 512, RUN, workers)

        def steps() -> None:
            for number in range(FLUSH_EVERY - 2, FLUSH_EVERY + 1):
                step(loader.load(rows), 0.1, number)

        return least_peak(steps)


def bound(threads: int) -> int:
    return threads * ITERATOR_BUFFER + 512 * 16
