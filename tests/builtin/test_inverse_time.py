from __future__ import annotations

import pytest
from pydantic import ValidationError

from layerkit.builtin.inverse_time import InverseTime, InverseTimeConfig
from layerkit.contracts.schedule import ScheduleContext
from layerkit.testing.schedule import check_schedule

TIMETABLE = ScheduleContext(start=0.6, steps_per_epoch=10, epochs=5)


@pytest.mark.parametrize("compound", [True, False])
@pytest.mark.parametrize("decay", [0.0, 0.5])
def test_keeps_the_contract_of_schedules(decay: float, compound: bool) -> None:
    check_schedule(InverseTimeConfig(decay=decay, compound=compound))


def test_rate_falls_with_the_epoch() -> None:
    schedule = InverseTime(InverseTimeConfig(decay=0.5), TIMETABLE)
    rates = [schedule(step) for step in (0, 10, 20, 30, 40)]
    assert rates == pytest.approx([0.6, 0.4, 0.3, 0.24, 0.2], rel=1e-15)


def test_compound_divides_the_running_rate() -> None:
    schedule = InverseTime(InverseTimeConfig(decay=0.5, compound=True), TIMETABLE)
    rates = [schedule(step) for step in (0, 10, 20, 30, 40)]
    assert rates == pytest.approx([0.6, 0.4, 0.2, 0.08, 0.08 / 3], rel=1e-15)


@pytest.mark.parametrize("compound", [True, False])
def test_rate_stays_the_same_within_an_epoch(compound: bool) -> None:
    schedule = InverseTime(InverseTimeConfig(decay=0.5, compound=compound), TIMETABLE)
    assert {schedule(step) for step in range(20, 30)} == {schedule(20)}
    assert schedule(19) > schedule(20) > schedule(30)


def test_no_decay_is_constant() -> None:
    schedule = InverseTime(InverseTimeConfig(decay=0.0, compound=True), TIMETABLE)
    assert {schedule(step) for step in (0, 25, 49)} == {0.6}


def test_decay_is_a_number_from_zero() -> None:
    with pytest.raises(ValidationError, match="decay"):
        InverseTimeConfig(decay=-0.1)
