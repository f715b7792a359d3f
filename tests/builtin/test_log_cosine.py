from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from layerkit.builtin.log_cosine import LogCosineConfig
from layerkit.contracts.schedule import ScheduleContext
from layerkit.testing.schedule import check_schedule

RUN = ScheduleContext(start=0.8, steps_per_epoch=2, epochs=4)


def rates(config: LogCosineConfig) -> list[float]:
    schedule = config.build(RUN)
    return [schedule(step) for step in range(RUN.steps)]


@pytest.mark.parametrize(
    "options",
    [{}, {"cycles": 1}, {"cycles": 10}],
)
def test_keeps_the_contract_of_schedules(options: dict[str, object]) -> None:
    check_schedule({"type": "log_cosine", **options})
    check_schedule({"type": "warmup", "steps": 3, "schedule": {"type": "log_cosine", **options}})


def test_cycles_are_at_the_top_in_the_middle_of_their_logarithmic_time() -> None:
    schedule = LogCosineConfig().build(ScheduleContext(start=0.8, steps_per_epoch=15, epochs=100))
    # 1 + 15 t = 2^k at the end of cycle k, 2^(k + 1/2) at its top; 1500 steps
    ends = [schedule(100 * (2**cycle - 1)) for cycle in range(4)]
    assert ends == pytest.approx(4 * [0.0], abs=1e-15)
    tops = [schedule(round(100 * (2 ** (cycle + 0.5) - 1))) for cycle in range(4)]
    assert tops == pytest.approx(4 * [0.8], rel=1e-3)


def test_a_run_of_three_steps_is_that_worked_out_by_hand() -> None:
    found = [LogCosineConfig(cycles=2).build(ScheduleContext(0.8, 3, 1))(step) for step in range(3)]
    turn = 2 * math.pi * math.log2(3)
    assert found == pytest.approx([0.0, 0.0, 0.4 * (1 - math.cos(turn))], abs=1e-15)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"cycles": 0}, "cycles")],
)
def test_refuses_what_does_not_fit(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        LogCosineConfig.model_validate(options)
