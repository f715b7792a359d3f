from __future__ import annotations

import pytest
from pydantic import ValidationError

from layerkit.builtin.multi_step import MultiStepConfig
from layerkit.contracts.schedule import ScheduleContext
from layerkit.testing.schedule import check_schedule

RUN = ScheduleContext(start=0.8, steps_per_epoch=2, epochs=4)


def rates(config: MultiStepConfig) -> list[float]:
    schedule = config.build(RUN)
    return [schedule(step) for step in range(RUN.steps)]


@pytest.mark.parametrize(
    "options",
    [{"epochs": [1]}, {"epochs": [1, 4], "factor": 0.5}, {"steps": [3, 5, 1000]}],
)
def test_keeps_the_contract_of_schedules(options: dict[str, object]) -> None:
    check_schedule({"type": "multi_step", **options})
    check_schedule({"type": "warmup", "steps": 3, "schedule": {"type": "multi_step", **options}})


def test_the_number_is_multiplied_at_every_epoch_given() -> None:
    expected = 2 * [0.8] + 4 * [0.4] + 2 * [0.2]
    assert rates(MultiStepConfig(epochs=(1, 3), factor=0.5)) == pytest.approx(expected, rel=1e-15)


def test_the_list_may_be_of_steps() -> None:
    expected = 3 * [0.8] + 5 * [0.2]
    assert rates(MultiStepConfig(steps=(3, 9), factor=0.25)) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "either steps or epochs, found none"),
        ({"steps": [1], "epochs": [1]}, "either steps or epochs, found both"),
        ({"epochs": [3, 1]}, r"ascending order, found \[3, 1\]"),
        ({"epochs": [2, 2]}, r"ascending order, found \[2, 2\]"),
        ({"epochs": [0]}, "epochs"),
        ({"epochs": []}, "epochs"),
        ({"epochs": [1], "factor": 0.0}, "factor"),
    ],
)
def test_refuses_what_does_not_fit(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        MultiStepConfig.model_validate(options)
