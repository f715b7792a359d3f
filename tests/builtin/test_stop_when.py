from __future__ import annotations

import pytest
from pydantic import ValidationError

from layerkit.builtin import stop_when
from layerkit.builtin.stop_when import StopWhen, StopWhenConfig
from layerkit.engine.training import train
from layerkit.errors import ShapeError
from layerkit.state import restore, saved
from layerkit.testing import check_callback
from tests.helpers.runs import STARTED, StillRun, epoch_ended, step_ended
from tests.helpers.specs import problems, small_spec


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(stop_when, "time", clock)
    return clock


def started(config: StopWhenConfig) -> tuple[StopWhen, StillRun]:
    stop, run = StopWhen(config), StillRun()
    stop.training_started(STARTED, run)
    return stop, run


@pytest.mark.parametrize(
    "table",
    [
        {"value": 0.9},
        {"value": 1e-9},
        {"value": 0.5, "monitor": "accuracy"},
        {"minutes": 60.0},
        {"minutes": 1e-9},
    ],
)
def test_it_keeps_the_contract_of_callbacks(table: dict[str, object]) -> None:
    check_callback({"type": "stop_when", **table})


@pytest.mark.parametrize(
    ("monitor", "figures", "epoch"),
    [("loss", [0.6, 0.51, 0.5, 0.4], 3), ("accuracy", [0.4, 0.49, 0.7, 0.1], 3)],
)
def test_a_figure_reaches_a_value_from_the_side_where_it_is_worse(
    monitor: str, figures: list[float], epoch: int
) -> None:
    stop, run = started(StopWhenConfig(monitor=monitor, value=0.5))
    for number, figure in enumerate(figures, 1):
        stop.epoch_ended(epoch_ended(number, **{monitor: figure}))
        if run.reasons:
            assert number == epoch
            assert run.reasons == [f"{monitor} has reached 0.5: it is {figure:g}"]
            return
    raise AssertionError("expected a stop")


def test_a_figure_that_is_no_number_reaches_nothing() -> None:
    stop, run = started(StopWhenConfig(value=0.5))
    stop.epoch_ended(epoch_ended(1, loss=float("nan")))
    assert run.reasons == []


def test_minutes_are_looked_at_after_every_step_and_epoch(clock: Clock) -> None:
    stop, run = started(StopWhenConfig(minutes=1.5))
    clock.seconds += 89
    stop.step_ended(step_ended(1))
    assert run.reasons == []
    clock.seconds += 1
    stop.epoch_ended(epoch_ended(1))
    assert run.reasons == ["1.5 minutes have passed"]


def test_a_resumed_run_counts_the_minutes_before(clock: Clock) -> None:
    first, _ = started(StopWhenConfig(minutes=1.0))
    clock.seconds += 50
    first.step_ended(step_ended(1))
    clock.seconds += 3600  # between the two runs
    second, run = started(StopWhenConfig(minutes=1.0))
    restore(second.state(), *saved(first.state()))
    clock.seconds += 9
    second.step_ended(step_ended(2))
    assert run.reasons == []
    clock.seconds += 1
    second.step_ended(step_ended(3))
    assert run.reasons == ["1 minutes have passed"]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "expects either value or minutes, found none"),
        ({"value": 0.5, "minutes": 1.0}, "expects either value or minutes, found both"),
        ({"minutes": 1.0, "monitor": "loss"}, "monitor expects a value, found minutes"),
        ({"minutes": 0.0}, "greater than 0"),
    ],
)
def test_exactly_one_goal_is_expected(options: dict[str, object], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        StopWhenConfig.model_validate(options)


def test_planning_refuses_a_figure_that_is_not_reported() -> None:
    assert problems('callbacks=[{type="stop_when", value=0.5, monitor="f2"}]') == [
        "callbacks.0.monitor: expected one of loss, accuracy; found 'f2'"
    ]


def test_a_value_needs_validation_examples_and_minutes_do_not() -> None:
    StopWhenConfig(minutes=1.0).check({"loss": False}, validates=False)
    with pytest.raises(ShapeError, match="expects validation examples"):
        StopWhenConfig(value=1.0).check({"loss": False}, validates=False)


def test_training_ends_with_the_epoch_that_reaches_the_value() -> None:
    goal = 'callbacks=[{type="stop_when", monitor="accuracy", value=0.8}]'
    result = train(small_spec(goal, "training.epochs=50"))
    accuracies = [epoch.validation["accuracy"] for epoch in result.history]
    assert accuracies[-1] >= 0.8
    assert all(accuracy < 0.8 for accuracy in accuracies[:-1])
    assert result.stopped_early
