from __future__ import annotations

from typing import final

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.contracts.callback import Callback, Run
from layerkit.contracts.events import (
    EpochEnded,
    EpochStarted,
    GradientReady,
    StepEnded,
    TrainingEnded,
    TrainingStarted,
    ValidationStarted,
)
from layerkit.engine.data import load_data
from layerkit.engine.network import Network
from layerkit.engine.starting import build
from layerkit.engine.trainer import Trainer
from layerkit.engine.training import train
from layerkit.errors import DivergedError
from layerkit.plan.network import plan_network
from tests.helpers.specs import small_plan, small_spec


@final
class Log(Callback):
    def __init__(self) -> None:
        self.events: list[object] = []

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        self.events.append(event)

    def epoch_started(self, event: EpochStarted) -> None:
        self.events.append(event)

    def gradient_ready(self, event: GradientReady) -> None:
        self.events.append(event)

    def step_ended(self, event: StepEnded) -> None:
        self.events.append(event)

    def validation_started(self, event: ValidationStarted) -> None:
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
    kinds = [type(event) for event in log.events]
    epoch = [EpochStarted, *[GradientReady, StepEnded] * 8, ValidationStarted, EpochEnded]
    assert kinds == [TrainingStarted, *epoch * 3, TrainingEnded]
    steps = [event.step for event in log.events if isinstance(event, StepEnded)]
    assert steps == list(range(1, 25))
    epochs = [event for event in log.events if isinstance(event, EpochEnded)]
    assert [(event.epoch, event.step) for event in epochs] == [(1, 8), (2, 16), (3, 24)]
    assert set(epochs[0].validation) == {"loss", "accuracy"}


class Stopping(Callback):
    """Ends training at the event of that kind and number."""

    def __init__(self, kind: str, number: int) -> None:
        self._at = (kind, number)
        self._run: Run | None = None
        self.ended: TrainingEnded | None = None

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        self._run = run
        self._stop_at("training", 1)

    def epoch_started(self, event: EpochStarted) -> None:
        self._stop_at("epoch", event.epoch)

    def gradient_ready(self, event: GradientReady) -> None:
        self._stop_at("gradient", event.step)

    def step_ended(self, event: StepEnded) -> None:
        self._stop_at("step", event.step)

    def validation_started(self, event: ValidationStarted) -> None:
        self._stop_at("validation", event.epoch)

    def epoch_ended(self, event: EpochEnded) -> None:
        self._stop_at("epoch_end", event.epoch)

    def training_ended(self, event: TrainingEnded) -> None:
        self.ended = event

    def _stop_at(self, kind: str, number: int) -> None:
        if self._run is not None and (kind, number) == self._at:
            self._run.stop("enough")
            self._run.stop("and why not")


@pytest.mark.parametrize(
    ("kind", "number", "epochs", "steps"),
    [
        ("training", 1, 0, 0),
        ("epoch", 1, 0, 0),
        ("epoch", 2, 1, 8),
        ("gradient", 3, 0, 3),
        ("step", 3, 0, 3),
        ("step", 8, 1, 8),  # all is trained on, so the epoch ends as it should
        ("validation", 1, 1, 8),
        ("epoch_end", 2, 2, 16),
    ],
)
def test_a_callback_ends_training_once_the_event_is_over(
    kind: str, number: int, epochs: int, steps: int
) -> None:
    stopping = Stopping(kind, number)
    result = train(small_spec(), [stopping])
    assert stopping.ended == TrainingEnded(epochs, steps, stopped_early=True, reason="enough")
    assert (len(result.history), result.stopped_early) == (epochs, True)


def test_stopping_at_the_very_end_is_no_early_stop() -> None:
    stopping = Stopping("epoch_end", 3)
    assert not train(small_spec(), [stopping]).stopped_early
    assert stopping.ended == TrainingEnded(3, 24, stopped_early=False)


def test_a_callback_sees_the_run_before_any_step_with_adapted_layers() -> None:
    seen: dict[str, Array] = {}

    class Look(Callback):
        def training_started(self, event: TrainingStarted, run: Run) -> None:
            assert run.figures == {"loss": False, "accuracy": True}
            assert run.directory is None
            assert set(run.gradients) == set(run.parameters) == set(run.arrays)
            seen.update({path: array.copy() for path, array in run.arrays.items()})

    train(small_spec(), [Look()])
    start = build(small_spec()).parameters
    assert seen.keys() == start.keys()
    for path, array in start.items():
        np.testing.assert_array_equal(seen[path], array)


def test_the_gradient_is_whole_when_it_is_looked_at_and_looking_changes_no_bit() -> None:
    class Look(Callback):
        def training_started(self, event: TrainingStarted, run: Run) -> None:
            self.run = run
            self.norms: list[float] = []

        def gradient_ready(self, event: GradientReady) -> None:
            self.norms.append(sum(float(np.abs(g).sum()) for g in self.run.gradients.values()))

    look = Look()
    looked_at = train(small_spec(), [look]).network.storage.vector.value
    np.testing.assert_array_equal(looked_at, train(small_spec()).network.storage.vector.value)
    assert len(look.norms) == 24
    assert min(look.norms) > 0


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
