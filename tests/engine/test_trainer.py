from __future__ import annotations

from typing import final

import numpy as np
import pytest

from layerkit.contracts.callback import Callback
from layerkit.contracts.events import EpochEnded, StepEnded, TrainingEnded, TrainingStarted
from layerkit.engine.data import load_data
from layerkit.engine.network import Network
from layerkit.engine.trainer import Trainer
from layerkit.engine.training import train
from layerkit.errors import DivergedError
from layerkit.plan.network import plan_network
from tests.helpers.specs import small_plan, small_spec


@final
class Log(Callback):
    def __init__(self) -> None:
        self.events: list[TrainingStarted | StepEnded | EpochEnded | TrainingEnded] = []

    def training_started(self, event: TrainingStarted) -> None:
        self.events.append(event)

    def step_ended(self, event: StepEnded) -> None:
        self.events.append(event)

    def epoch_ended(self, event: EpochEnded) -> None:
        self.events.append(event)

    def training_ended(self, event: TrainingEnded) -> None:
        self.events.append(event)


def test_events_come_in_order_and_count_right() -> None:
    log = Log()
    train(small_spec(), [log])
    assert log.events[0] == TrainingStarted(epochs=3, steps_per_epoch=8, examples=120)
    assert log.events[-1] == TrainingEnded(epochs=3, steps=24, stopped_early=False)
    steps = [event.step for event in log.events if isinstance(event, StepEnded)]
    assert steps == list(range(1, 25))
    epochs = [event for event in log.events if isinstance(event, EpochEnded)]
    assert [(event.epoch, event.step) for event in epochs] == [(1, 8), (2, 16), (3, 24)]
    assert set(epochs[0].validation) == {"loss", "accuracy"}


def test_the_same_spec_gives_the_same_bits() -> None:
    first, again = (train(small_spec()).network.storage.vector.value for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_shards_train_as_the_whole_batch_does() -> None:
    exact = ("dtype=float64", "layers.2.rate=0.0")
    spec = small_spec(*exact, "training.threads=2")
    assert plan_network(spec).threads.shards == 2
    in_shards, again = (train(spec) for _ in range(2))
    in_one = train(small_spec(*exact, "training.threads=1"))
    values = [result.network.storage.vector.value for result in (in_shards, again, in_one)]
    np.testing.assert_array_equal(values[0], values[1])
    np.testing.assert_allclose(values[0], values[2], rtol=1e-10)
    assert in_shards.test["loss"] == pytest.approx(in_one.test["loss"], rel=1e-10)


def test_another_seed_gives_other_bits() -> None:
    first = train(small_spec()).network.storage.vector.value
    other = train(small_spec("seed=2")).network.storage.vector.value
    assert not np.array_equal(first, other)


def test_a_full_batch_is_one_step_an_epoch() -> None:
    log = Log()
    train(small_spec("training.batch_size=full"), [log])
    assert log.events[0] == TrainingStarted(epochs=3, steps_per_epoch=1, examples=120)


def test_without_validation_examples_there_are_no_validation_figures() -> None:
    result = train(small_spec("data.validation=0"))
    assert [epoch.validation for epoch in result.history] == [{}, {}, {}]


def test_a_loss_that_is_no_number_ends_training_with_the_step() -> None:
    with pytest.raises(DivergedError, match=r"at step \d+ \(epoch 1\).*lower optimizer"):
        train(small_spec("optimizer.learning_rate=1e30"))


def test_the_reported_loss_includes_the_penalty() -> None:
    epoch = train(small_spec("regularizers.0.strength=10.0")).history[0]
    assert epoch.train["loss"] > epoch.train["penalty"] > 1


def test_the_decaying_rate_reaches_the_optimizer() -> None:
    spec = small_spec('optimizer.schedule={type="inverse_time", decay=1.0}')
    rates = [epoch.learning_rate for epoch in train(spec).history]
    assert rates == pytest.approx([0.1, 0.05, 0.1 / 3])


def test_early_stopping_ends_training_and_restores_the_best_epoch() -> None:
    overrides = (
        "training.epochs=40",
        "training.early_stopping={patience=2, min_delta=0.5}",
        "optimizer.learning_rate=0.3",
    )
    plan = small_plan(*overrides)
    network, data = Network(plan), load_data(plan)
    history = Trainer(network, data).train()
    assert history.stopped_early
    losses = [epoch.validation["loss"] for epoch in history.epochs]
    best = losses.index(max(losses[0], losses[0]))
    until_best = train(small_spec(f"training.epochs={best + 1}", "optimizer.learning_rate=0.3"))
    np.testing.assert_array_equal(
        network.storage.vector.value, until_best.network.storage.vector.value
    )


def test_float64_is_float64_throughout() -> None:
    network = train(small_spec("dtype=float64")).network
    assert network.storage.vector.value.dtype == np.float64
    assert network.predict(np.zeros((1, 2))).dtype == np.float64
