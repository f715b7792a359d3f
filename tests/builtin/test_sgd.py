from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.one_cycle import OneCycleConfig
from layerkit.builtin.sgd import SgdConfig
from layerkit.errors import UsageError
from layerkit.testing.build import build_optimizer
from layerkit.testing.optimizer import check_optimizer

PLAIN = SgdConfig(learning_rate=0.1)
MOMENTUM = SgdConfig(learning_rate=0.1, momentum=0.5)
NESTEROV = SgdConfig(learning_rate=0.1, momentum=0.5, nesterov=True)
DAMPENED = SgdConfig(learning_rate=0.1, momentum=0.5, dampening=0.75)
FALL = OneCycleConfig(first=1, peak=0.5, last=1, warmup=1, anneal="linear")
CYCLED = SgdConfig(learning_rate=0.1, momentum=0.5, momentum_schedule=FALL)


@pytest.mark.parametrize("config", [PLAIN, MOMENTUM, NESTEROV, DAMPENED, CYCLED])
def test_keeps_the_contract_of_optimizers(config: SgdConfig) -> None:
    check_optimizer(config)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (PLAIN, [0.9, 0.7, 0.4]),
        (MOMENTUM, [0.9, 0.65, 0.225]),
        (NESTEROV, [0.85, 0.525, 0.0125]),
        (DAMPENED, [0.9, 0.8, 0.675]),
    ],
    ids=["plain", "momentum", "nesterov", "dampening"],
)
def test_three_steps_are_those_worked_out_by_hand(config: SgdConfig, expected: list[float]) -> None:
    sgd, span = build_optimizer(config, np.array([1.0]))
    path: list[float] = []
    for step, gradient in enumerate((1.0, 2.0, 3.0), start=1):
        span.grad.fill(gradient)
        sgd.update(span, config.learning_rate, step)
        path.append(float(span.value[0]))
    assert path == pytest.approx(expected, abs=1e-15)


def test_the_momentum_follows_its_schedule() -> None:
    sgd, span = build_optimizer(CYCLED, np.zeros(1), steps_per_epoch=3, epochs=1)
    path: list[float] = []
    for step in (1, 2, 3):  # with momenta of 0.5, 0.375 and 0.25
        span.grad.fill(1)
        sgd.update(span, 1.0, step)
        path.append(-float(span.value[0]))
    assert path == pytest.approx([1, 1 + 1.375, 1 + 1.375 + 1.34375], abs=1e-15)
    assert len(sgd.schedules()) == 1


def test_a_momentum_that_would_reach_1_is_refused_before_the_first_step() -> None:
    config = SgdConfig(learning_rate=0.1, momentum=0.9, momentum_schedule=OneCycleConfig(peak=2))
    with pytest.raises(UsageError, match=r"^optimizer\.momentum: .* below 1, found 1\.\d+"):
        build_optimizer(config, np.zeros(3))


def test_keeps_a_velocity_only_with_momentum() -> None:
    assert PLAIN.slots() == ()
    assert MOMENTUM.slots() == ("velocity",)


@pytest.mark.parametrize(
    "option", [{"nesterov": True}, {"dampening": 0.5}, {"momentum_schedule": "one_cycle"}]
)
def test_options_without_momentum_say_what_to_set(option: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="expects a momentum above 0"):
        SgdConfig.model_validate({"learning_rate": 0.1, **option})


def test_nesterov_has_no_dampening() -> None:
    with pytest.raises(ValidationError, match=r"expects a dampening of 0, found 0\.5"):
        SgdConfig(learning_rate=0.1, momentum=0.5, nesterov=True, dampening=0.5)


@pytest.mark.parametrize("table", [{"learning_rate": 0.0}, {"learning_rate": 0.1, "momentum": 1.0}])
def test_refuses_rates_out_of_range(table: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match="should be"):
        SgdConfig.model_validate(table)
