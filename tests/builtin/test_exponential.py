from __future__ import annotations

import pytest
from pydantic import ValidationError

from layerkit.builtin.exponential import ExponentialConfig
from layerkit.contracts.schedule import ScheduleContext
from layerkit.testing.schedule import check_schedule

RUN = ScheduleContext(start=0.8, steps_per_epoch=2, epochs=4)


def rates(config: ExponentialConfig) -> list[float]:
    schedule = config.build(RUN)
    return [schedule(step) for step in range(RUN.steps)]


@pytest.mark.parametrize(
    "options",
    [{"epochs": 1, "factor": 0.9}, {"epochs": 2, "factor": 1e-3}, {"steps": 1, "factor": 1e-12}],
)
def test_keeps_the_contract_of_schedules(options: dict[str, object]) -> None:
    check_schedule({"type": "exponential", **options})
    check_schedule({"type": "warmup", "steps": 3, "schedule": {"type": "exponential", **options}})


def test_the_number_is_multiplied_by_the_factor_in_the_course_of_the_length() -> None:
    found = rates(ExponentialConfig(epochs=2, factor=0.0625))
    expected = [0.8, 0.4, 0.2, 0.1, 0.05, 0.025, 0.0125, 0.00625]
    assert found == pytest.approx(expected, rel=1e-14)


def test_the_length_may_be_in_steps() -> None:
    found = rates(ExponentialConfig(steps=1, factor=0.5))
    assert found == pytest.approx([0.8 / 2**step for step in range(8)], rel=1e-15)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"factor": 0.5}, "exponential expects either steps or epochs, found none"),
        (
            {"steps": 1, "epochs": 1, "factor": 0.5},
            "exponential expects either steps or epochs, found both",
        ),
        ({"epochs": 1}, "factor"),
        ({"epochs": 1, "factor": 0.0}, "factor"),
        ({"steps": 0, "factor": 0.5}, "steps"),
    ],
)
def test_refuses_what_does_not_fit(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        ExponentialConfig.model_validate(options)
