from __future__ import annotations

import pytest
from pydantic import ValidationError

from layerkit.builtin.inverse_time import InverseTimeConfig
from layerkit.builtin.reduce_on_plateau import ReduceOnPlateauConfig
from layerkit.builtin.warmup import WarmupConfig
from layerkit.contracts.schedule import ScheduleConfig, ScheduleContext
from layerkit.testing.schedule import check_schedule
from tests.helpers.specs import problems

RUN = ScheduleContext(start=0.8, steps_per_epoch=4, epochs=3)


def path(config: WarmupConfig) -> list[float]:
    schedule = config.build(RUN)
    return [schedule(step) for step in range(RUN.steps)]


@pytest.mark.parametrize("length", [{"steps": 5}, {"epochs": 2}, {"steps": 1000}])
@pytest.mark.parametrize(
    "inner",
    ["constant", InverseTimeConfig(decay=0.5), ReduceOnPlateauConfig(patience=1), "one_cycle"],
)
def test_keeps_the_contract_of_schedules(
    length: dict[str, int], inner: str | ScheduleConfig
) -> None:
    check_schedule({"type": "warmup", "schedule": inner, **length})


def test_grows_in_a_straight_line_to_the_rate_itself() -> None:
    rates = path(WarmupConfig(start=0.5, steps=4))
    assert rates == pytest.approx([0.4, 0.5, 0.6, 0.7] + 8 * [0.8], rel=1e-15)


def test_epochs_are_as_many_steps_as_they_have() -> None:
    assert path(WarmupConfig(epochs=2)) == path(WarmupConfig(steps=8))


def test_the_other_schedule_counts_from_the_first_step() -> None:
    inner = InverseTimeConfig(decay=1)
    rates = path(WarmupConfig(start=0, steps=8, schedule=inner))
    assert rates[4:9] == pytest.approx([0.2, 0.25, 0.3, 0.35, 0.8 / 3])


@pytest.mark.parametrize(("options", "found"), [({}, "none"), ({"steps": 1, "epochs": 1}, "both")])
def test_has_one_length(options: dict[str, int], found: str) -> None:
    with pytest.raises(ValidationError, match=f"either steps or epochs, found {found}"):
        WarmupConfig.model_validate(options)


def test_what_is_wrong_with_the_other_schedule_is_said_where_it_is() -> None:
    inner = '{type="reduce_on_plateau", monitor="speed"}'
    schedule = f'optimizer.schedule={{type="warmup", steps=3, schedule={inner}}}'
    assert problems(schedule) == [
        "optimizer.schedule.schedule.monitor: expected one of loss, accuracy; found 'speed'"
    ]
