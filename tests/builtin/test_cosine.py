from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from layerkit.builtin.cosine import CosineConfig
from layerkit.contracts.schedule import ScheduleContext
from layerkit.testing.schedule import check_schedule

RUN = ScheduleContext(start=0.8, steps_per_epoch=2, epochs=4)


def rates(config: CosineConfig) -> list[float]:
    schedule = config.build(RUN)
    return [schedule(step) for step in range(RUN.steps)]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"last": 0.1},
        {"epochs": 1},
        {"steps": 3, "growth": 2.0, "factor": 0.5},
        {"epochs": 1, "growth": 1.5},
    ],
)
def test_keeps_the_contract_of_schedules(options: dict[str, object]) -> None:
    check_schedule({"type": "cosine", **options})
    check_schedule({"type": "warmup", "steps": 3, "schedule": {"type": "cosine", **options}})


def test_goes_down_half_a_cosine_over_the_run() -> None:
    expected = [0.4 * (1 + math.cos(math.pi * step / 8)) for step in range(8)]
    assert rates(CosineConfig()) == pytest.approx(expected, rel=1e-14)


def test_starts_again_after_every_period() -> None:
    assert rates(CosineConfig(epochs=1)) == pytest.approx(4 * [0.8, 0.4], rel=1e-14)


def test_periods_grow_and_their_tops_fall() -> None:
    found = rates(CosineConfig(steps=2, growth=2.0, factor=0.5, last=0.25))
    fall = [0.25 + 0.75 * (1 + math.cos(math.pi * step / 4)) / 2 for step in range(4)]
    expected = [0.8, 0.8 * 0.625, *(0.4 * share for share in fall), 0.2]
    assert found[:7] == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"steps": 1, "epochs": 1}, "either steps or epochs, found both"),
        ({"growth": 2.0}, "growth = 2 expects periods, found none"),
        ({"factor": 0.5}, "factor = 0.5 expects periods, found none"),
        ({"epochs": 1, "growth": 0.5}, "growth"),
        ({"last": 1.5}, "last"),
    ],
)
def test_refuses_what_does_not_fit(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        CosineConfig.model_validate(options)
