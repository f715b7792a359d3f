from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.builtin.average_weights import AverageWeights, AverageWeightsConfig
from layerkit.contracts.callback import Callback, Run
from layerkit.contracts.events import (
    EpochEnded,
    EpochStarted,
    StepEnded,
    TrainingEnded,
    TrainingStarted,
    ValidationStarted,
)
from layerkit.engine.training import train
from layerkit.testing import check_callback
from tests.helpers.runs import STARTED, StillRun, step_ended
from tests.helpers.specs import small_spec

ENDED = TrainingEnded(1, 4, stopped_early=False)


def started(
    config: AverageWeightsConfig, run: StillRun | None = None
) -> tuple[AverageWeights, StillRun]:
    average, run = AverageWeights(config), run or StillRun()
    average.training_started(STARTED, run)
    return average, run


def fill(run: StillRun, value: float) -> None:
    for array in run.arrays.values():
        array.fill(value)


def only(run: StillRun) -> float:
    values = {float(value) for array in run.parameters.values() for value in array.flat}
    assert len(values) == 1
    return values.pop()


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"decay": 0.5, "start_epoch": 2},
        {"start_epoch": 99},
        {"equal": True},
        {"equal": True, "every": "epoch"},
    ],
)
def test_it_keeps_the_contract_of_callbacks(table: dict[str, object]) -> None:
    check_callback({"type": "average_weights", **table})


def test_the_average_begins_with_the_first_step_and_follows_by_decay() -> None:
    average, run = started(AverageWeightsConfig(decay=0.75))
    for step, value in enumerate((4.0, 8.0, 0.0), 1):
        fill(run, value)
        average.step_ended(step_ended(step))
    average.training_ended(ENDED)
    assert only(run) == 0.75 * (0.75 * 4 + 0.25 * 8)


def test_all_count_alike_if_equal() -> None:
    average, run = started(AverageWeightsConfig(equal=True))
    for step, value in enumerate((4.0, 8.0, 0.0, 1.0), 1):
        fill(run, value)
        average.step_ended(step_ended(step))
    average.training_ended(ENDED)
    assert only(run) == pytest.approx(13 / 4, rel=1e-15)


def test_stochastic_weight_averaging_takes_the_ends_of_epochs_alone() -> None:
    average, run = started(AverageWeightsConfig(equal=True, every="epoch", start_epoch=2))
    shown: list[float] = []
    for epoch, (first, last) in enumerate(((100.0, 1.0), (90.0, 2.0), (80.0, 6.0)), 1):
        average.epoch_started(EpochStarted(epoch))
        for step, value in enumerate((first, last), 2 * epoch - 1):
            fill(run, value)
            average.step_ended(step_ended(step, epoch=epoch))
        average.validation_started(ValidationStarted(epoch, 2 * epoch))
        shown.append(only(run))
    average.training_ended(ENDED)
    assert [*shown, only(run)] == [1.0, 2.0, 4.0, 4.0]


def test_validation_sees_the_averages_and_training_goes_on_with_the_parameters() -> None:
    average, run = started(AverageWeightsConfig(decay=0.5))
    for step, value in enumerate((4.0, 8.0), 1):
        fill(run, value)
        average.step_ended(step_ended(step))
    average.validation_started(ValidationStarted(1, 2))
    assert only(run) == 6
    average.epoch_started(EpochStarted(2))
    assert only(run) == 8
    fill(run, 2.0)
    average.step_ended(step_ended(3, epoch=2))
    average.training_ended(ENDED)
    assert only(run) == 4


def test_epochs_before_the_first_that_counts_are_left_out() -> None:
    average, run = started(AverageWeightsConfig(decay=0.5, start_epoch=2))
    fill(run, 100.0)
    average.step_ended(step_ended(1, epoch=1))
    average.validation_started(ValidationStarted(1, 1))
    assert (only(run), run.recalibrations) == (100, 0)
    average.epoch_started(EpochStarted(2))
    fill(run, 3.0)
    average.step_ended(step_ended(2, epoch=2))
    average.validation_started(ValidationStarted(2, 2))
    assert only(run) == 3


def test_without_any_step_nothing_is_exchanged() -> None:
    average, run = started(AverageWeightsConfig())
    fill(run, 7.0)
    average.training_ended(ENDED)
    assert (only(run), run.recalibrations) == (7, 0)


def test_running_statistics_are_taken_anew_and_given_back() -> None:
    mean = np.zeros(3)
    average, run = started(AverageWeightsConfig(decay=0.5), StillRun(state={"norm_1.mean": mean}))
    fill(run, 5.0)
    average.step_ended(step_ended(1))
    average.validation_started(ValidationStarted(1, 1))
    assert run.recalibrations == 1
    mean.fill(9.0)  # as recalibrating would
    average.epoch_started(EpochStarted(2))
    assert mean.tolist() == [5, 5, 5]
    fill(run, 6.0)
    average.validation_started(ValidationStarted(2, 1))
    average.training_ended(ENDED)
    assert run.recalibrations == 2


def test_a_shared_parameter_is_exchanged_once() -> None:
    run = StillRun()
    shared = run.parameters["dense_1.weight"]
    run.parameters["dense_2.weight"] = shared.T  # in no array of its own
    average = AverageWeights(AverageWeightsConfig(decay=0.5))
    average.training_started(STARTED, run)
    for step, value in enumerate((4.0, 8.0), 1):
        shared.fill(value)
        average.step_ended(step_ended(step))
    average.validation_started(ValidationStarted(1, 2))
    assert float(shared[0, 0]) == 6
    average.epoch_started(EpochStarted(2))
    assert float(shared[0, 0]) == 8


class Follow(Callback):
    """Averages by hand, and keeps what the network holds when an epoch has ended."""

    def __init__(self, decay: float) -> None:
        self._decay = decay
        self._run: Run | None = None
        self.average: Array | None = None
        self.shown: list[Array] = []

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        self._run = run

    def step_ended(self, event: StepEnded) -> None:
        weight = self._weight()
        if self.average is None:
            self.average = weight
        else:
            self.average = self._decay * self.average + (1 - self._decay) * weight

    def epoch_ended(self, event: EpochEnded) -> None:
        self.shown.append(self._weight())

    def _weight(self) -> Array:
        assert self._run is not None
        return self._run.parameters["dense_1.weight"].copy()


def test_a_whole_training_ends_with_the_averages_of_its_steps() -> None:
    follow = Follow(0.9)
    spec = small_spec('callbacks=[{type="average_weights", decay=0.9}]', "dtype=float64")
    network = train(spec, [follow]).network
    assert follow.average is not None
    np.testing.assert_allclose(network.parameters["dense_1.weight"], follow.average, rtol=1e-12)
    np.testing.assert_array_equal(follow.shown[-1], network.parameters["dense_1.weight"])
    assert not np.array_equal(follow.shown[0], follow.shown[1])


def test_steps_go_on_as_without_averages() -> None:
    plain, averaged = (
        [epoch.train["loss"] for epoch in train(small_spec(f"callbacks={callbacks}")).history]
        for callbacks in ("[]", '["average_weights"]')
    )
    assert plain == averaged


def test_early_stopping_restores_the_averages_of_the_best_epoch() -> None:
    overrides = ['callbacks=[{type="average_weights", decay=0.9}]', "optimizer.learning_rate=0.3"]
    stopping = "training.early_stopping={patience=2, min_delta=0.5}"
    follow = Follow(0.9)
    result = train(small_spec(*overrides, "training.epochs=40", stopping), [follow])
    assert result.stopped_early
    losses = [epoch.validation["loss"] for epoch in result.history]
    best = max(
        index
        for index in range(len(losses))
        if all(losses[index] < earlier - 0.5 for earlier in losses[:index])
    )
    np.testing.assert_array_equal(result.network.parameters["dense_1.weight"], follow.shown[best])
