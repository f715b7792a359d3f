from __future__ import annotations

import pytest
from pydantic import ValidationError

from layerkit.builtin.reduce_on_plateau import ReduceOnPlateauConfig
from layerkit.contracts.events import EpochEnded
from layerkit.contracts.schedule import ScheduleContext
from layerkit.engine.training import train
from layerkit.testing.schedule import check_schedule
from tests.helpers.specs import problems, small_spec

FIGURES = {"loss": False, "accuracy": True}


def rates(config: ReduceOnPlateauConfig, figures: list[float], start: float = 1.0) -> list[float]:
    """Return the rate of every epoch, and what it would be after the last one."""
    schedule = config.build(ScheduleContext(start, 2, len(figures) + 1, FIGURES))
    found: list[float] = []
    for number, figure in enumerate(figures, start=1):
        found.append(schedule(2 * number - 1))
        validation = {"loss": figure, "accuracy": figure}
        schedule.observe(EpochEnded(number, 2 * number, found[-1], {}, validation, 1.0, 1.0))
    return [*found, schedule(2 * len(figures))]


@pytest.mark.parametrize("monitor", ["loss", "accuracy"])
@pytest.mark.parametrize("patience", [1, 2, 10])
def test_keeps_the_contract_of_schedules(monitor: str, patience: int) -> None:
    check_schedule(ReduceOnPlateauConfig(monitor=monitor, patience=patience), epochs=12)


def test_falls_after_patience_epochs_without_improvement() -> None:
    config = ReduceOnPlateauConfig(patience=2, factor=0.5)
    losses = [3.0, 2.0, 2.0, 2.5, 2.5, 1.0, 1.0, 1.0]
    assert rates(config, losses) == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25]


def test_a_figure_that_should_be_high_is_watched_the_other_way() -> None:
    config = ReduceOnPlateauConfig(monitor="accuracy", patience=1, factor=0.5)
    assert rates(config, [0.1, 0.2, 0.2, 0.3]) == [1, 1, 1, 0.5, 0.5]


def test_an_improvement_below_min_delta_is_none() -> None:
    config = ReduceOnPlateauConfig(patience=1, factor=0.5, min_delta=0.1)
    assert rates(config, [1.0, 0.95, 0.8]) == [1, 1, 0.5, 0.5]


def test_never_falls_below_the_minimum_nor_rises_to_it() -> None:
    config = ReduceOnPlateauConfig(patience=1, factor=0.5, minimum=0.4)
    assert rates(config, [1.0, 1.0, 1.0, 1.0]) == [1, 1, 0.5, 0.4, 0.4]
    assert rates(config, [1.0, 1.0, 1.0], start=0.3) == [0.3] * 4


def test_no_number_is_no_improvement() -> None:
    config = ReduceOnPlateauConfig(patience=1, factor=0.5)
    assert rates(config, [float("nan"), 1.0]) == [1, 0.5, 0.5]


def test_reaches_the_optimizer() -> None:
    schedule = 'optimizer.schedule={type="reduce_on_plateau", patience=1, min_delta=9.0}'
    history = train(small_spec(schedule)).history
    assert [epoch.learning_rate for epoch in history] == pytest.approx([0.1, 0.1, 0.01])


def test_a_figure_that_is_not_reported_is_refused_in_the_plan() -> None:
    schedule = 'optimizer.schedule={type="reduce_on_plateau", monitor="speed"}'
    assert problems(schedule) == [
        "optimizer.schedule.monitor: expected one of loss, accuracy; found 'speed'"
    ]


def test_a_run_without_validation_is_refused_in_the_plan() -> None:
    schedule = 'optimizer.schedule="reduce_on_plateau"'
    assert problems("data.validation=0", schedule) == [
        "optimizer.schedule: reduce_on_plateau expects validation examples, found none "
        "(set data.validation, such as 0.1)"
    ]


def test_the_momentums_schedule_is_checked_too() -> None:
    schedule = 'optimizer.momentum_schedule={type="reduce_on_plateau", monitor="speed"}'
    assert problems(schedule)[0].startswith("optimizer.momentum_schedule.monitor: expected one of")


@pytest.mark.parametrize("option", [{"factor": 1.0}, {"patience": 0}, {"minimum": -1.0}])
def test_refuses_options_out_of_range(option: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match=next(iter(option))):
        ReduceOnPlateauConfig.model_validate(option)
