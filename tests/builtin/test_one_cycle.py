from __future__ import annotations

from typing import Literal

import pytest
from pydantic import ValidationError

from layerkit.builtin.one_cycle import OneCycleConfig
from layerkit.contracts.schedule import ScheduleContext
from layerkit.testing.schedule import check_schedule


def path(config: OneCycleConfig, steps: int, start: float = 1.0) -> list[float]:
    schedule = config.build(ScheduleContext(start, steps_per_epoch=steps, epochs=1))
    return [schedule(step) for step in range(steps)]


@pytest.mark.parametrize("anneal", ["cosine", "linear"])
@pytest.mark.parametrize("warmup", [0.0, 0.3, 1.0])
@pytest.mark.parametrize(("steps_per_epoch", "epochs"), [(7, 5), (1, 1), (2, 1)])
def test_keeps_the_contract_of_schedules(
    anneal: Literal["cosine", "linear"], warmup: float, steps_per_epoch: int, epochs: int
) -> None:
    config = OneCycleConfig(anneal=anneal, warmup=warmup)
    check_schedule(config, steps_per_epoch=steps_per_epoch, epochs=epochs)


def test_straight_lines_lead_up_to_the_peak_and_down() -> None:
    config = OneCycleConfig(first=0, peak=2, last=1, warmup=0.5, anneal="linear")
    assert path(config, 6, start=10) == pytest.approx([0, 10, 20, 50 / 3, 40 / 3, 10])


def test_half_way_up_a_cosine_is_half_the_height() -> None:
    config = OneCycleConfig(first=0, peak=1, last=0, warmup=0.5)
    rates = path(config, 10)
    assert rates[2] == pytest.approx(0.5)
    assert rates[1] < 0.25
    assert rates[3] > 0.75


def test_a_momentum_can_go_the_other_way() -> None:
    down_and_up = path(OneCycleConfig(first=1, peak=0.9, last=1), 20, start=0.95)
    assert down_and_up[0] == down_and_up[-1] == 0.95
    assert min(down_and_up) == pytest.approx(0.855)


@pytest.mark.parametrize(("warmup", "expected"), [(0.0, [1.0, 0.5, 0.0]), (1.0, [0.0, 0.5, 1.0])])
def test_one_half_alone_is_the_whole_way(warmup: float, expected: list[float]) -> None:
    config = OneCycleConfig(first=0, peak=1, last=0, warmup=warmup, anneal="linear")
    assert path(config, 3) == pytest.approx(expected)


def test_a_single_step_is_at_the_peak() -> None:
    assert path(OneCycleConfig(), 1) == [1.0]


@pytest.mark.parametrize("option", [{"peak": 0.0}, {"first": -1.0}, {"warmup": 1.1}])
def test_refuses_options_out_of_range(option: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match=next(iter(option))):
        OneCycleConfig.model_validate(option)
