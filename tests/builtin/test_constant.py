from __future__ import annotations

from layerkit.builtin.constant import Constant, ConstantConfig
from layerkit.contracts.schedule import ScheduleContext
from layerkit.testing.schedule import check_schedule


def test_keeps_the_contract_of_schedules() -> None:
    check_schedule("constant")


def test_every_step_has_the_optimizers_rate() -> None:
    schedule = Constant(ConstantConfig(), ScheduleContext(0.3, 10, 5))
    assert {schedule(step) for step in (0, 9, 10, 49)} == {0.3}
