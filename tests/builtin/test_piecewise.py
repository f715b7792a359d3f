from __future__ import annotations

import pytest
from pydantic import ValidationError

from layerkit.builtin.piecewise import PiecewiseConfig
from layerkit.contracts.schedule import ScheduleContext
from layerkit.testing.schedule import check_schedule

RUN = ScheduleContext(start=0.8, steps_per_epoch=2, epochs=4)


def rates(config: PiecewiseConfig) -> list[float]:
    schedule = config.build(RUN)
    return [schedule(step) for step in range(RUN.steps)]


@pytest.mark.parametrize(
    "options",
    [
        {"epochs": [0, 2], "factors": [1, 0.1]},
        {"steps": [0, 3, 9], "factors": [0.0, 1.0, 0.5], "interpolate": "linear"},
        {"steps": [0], "factors": [0.5]},
    ],
)
def test_keeps_the_contract_of_schedules(options: dict[str, object]) -> None:
    check_schedule({"type": "piecewise", **options})
    check_schedule({"type": "warmup", "steps": 3, "schedule": {"type": "piecewise", **options}})


def test_every_factor_counts_from_its_epoch_on() -> None:
    found = rates(PiecewiseConfig(epochs=(0, 1, 3), factors=(1.0, 0.5, 2.0)))
    assert found == pytest.approx(2 * [0.8] + 4 * [0.4] + 2 * [1.6], rel=1e-15)


def test_straight_lines_go_from_one_to_the_next_and_the_last_stays() -> None:
    config = PiecewiseConfig(steps=(0, 2, 6), factors=(0.0, 1.0, 0.5), interpolate="linear")
    expected = [0.0, 0.4, 0.8, 0.7, 0.6, 0.5, 0.4, 0.4]
    assert rates(config) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"factors": [1]}, "either steps or epochs, found none"),
        ({"steps": [0], "epochs": [0], "factors": [1]}, "either steps or epochs, found both"),
        ({"epochs": [1, 3], "factors": [1, 2]}, r"ascending order from 0, found \[1, 3\]"),
        ({"epochs": [0, 3, 2], "factors": [1, 2, 3]}, "ascending order from 0"),
        ({"epochs": [0, 3], "factors": [1]}, r"a factor for each of \[0, 3\], found 1"),
        ({"epochs": [0], "factors": [-1]}, "factors"),
    ],
)
def test_refuses_what_does_not_fit(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        PiecewiseConfig.model_validate(options)
