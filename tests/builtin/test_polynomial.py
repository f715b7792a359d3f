from __future__ import annotations

import pytest
from pydantic import ValidationError

from layerkit.builtin.polynomial import PolynomialConfig
from layerkit.contracts.schedule import ScheduleContext
from layerkit.testing.schedule import check_schedule

RUN = ScheduleContext(start=0.8, steps_per_epoch=2, epochs=4)


def rates(config: PolynomialConfig) -> list[float]:
    schedule = config.build(RUN)
    return [schedule(step) for step in range(RUN.steps)]


@pytest.mark.parametrize(
    "options",
    [{}, {"power": 2.0, "last": 0.1}, {"epochs": 2}, {"steps": 3, "power": 0.5}, {"last": 2.0}],
)
def test_keeps_the_contract_of_schedules(options: dict[str, object]) -> None:
    check_schedule({"type": "polynomial", **options})
    check_schedule({"type": "warmup", "steps": 3, "schedule": {"type": "polynomial", **options}})


def test_goes_to_0_in_a_straight_line_over_the_run() -> None:
    expected = [0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]
    assert rates(PolynomialConfig()) == pytest.approx(expected, rel=1e-14)


def test_a_power_bends_the_line_and_the_last_number_stays() -> None:
    found = rates(PolynomialConfig(power=2.0, last=0.5, epochs=2))
    expected = [0.8, 0.625, 0.5, 0.425, 0.4, 0.4, 0.4, 0.4]
    assert found == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"steps": 1, "epochs": 1}, "either steps or epochs, found both"),
        ({"power": 0.0}, "power"),
        ({"last": -0.1}, "last"),
    ],
)
def test_refuses_what_does_not_fit(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        PolynomialConfig.model_validate(options)
