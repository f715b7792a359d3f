from __future__ import annotations

import pytest
from pydantic import ValidationError

from layerkit.builtin.step import StepConfig
from layerkit.contracts.schedule import ScheduleContext
from layerkit.testing.schedule import check_schedule

RUN = ScheduleContext(start=0.8, steps_per_epoch=2, epochs=4)


def rates(config: StepConfig) -> list[float]:
    schedule = config.build(RUN)
    return [schedule(step) for step in range(RUN.steps)]


@pytest.mark.parametrize(
    "options",
    [{"epochs": 1}, {"epochs": 2, "factor": 0.5}, {"steps": 5}, {"steps": 1000}],
)
def test_keeps_the_contract_of_schedules(options: dict[str, object]) -> None:
    check_schedule({"type": "step", **options})
    check_schedule({"type": "warmup", "steps": 3, "schedule": {"type": "step", **options}})


def test_the_number_is_multiplied_once_in_so_many_epochs() -> None:
    expected = 4 * [0.8] + 4 * [0.4]
    assert rates(StepConfig(epochs=2, factor=0.5)) == pytest.approx(expected, rel=1e-15)


def test_the_length_may_be_in_steps() -> None:
    expected = 3 * [0.8] + 3 * [0.2] + 2 * [0.05]
    assert rates(StepConfig(steps=3, factor=0.25)) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "step expects either steps or epochs, found none"),
        ({"steps": 1, "epochs": 1}, "step expects either steps or epochs, found both"),
        ({"epochs": 0}, "epochs"),
        ({"epochs": 1, "factor": 0.0}, "factor"),
        ({"epochs": 1, "factor": 1.5}, "factor"),
    ],
)
def test_refuses_what_does_not_fit(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        StepConfig.model_validate(options)
