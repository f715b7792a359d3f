from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.sgd import Sgd, SgdConfig
from layerkit.contracts.optimizer import Span
from layerkit.testing.optimizer import check_optimizer

PLAIN = SgdConfig(learning_rate=0.1)
MOMENTUM = SgdConfig(learning_rate=0.1, momentum=0.5)
NESTEROV = SgdConfig(learning_rate=0.1, momentum=0.5, nesterov=True)


@pytest.mark.parametrize("config", [PLAIN, MOMENTUM, NESTEROV])
def test_keeps_the_contract_of_optimizers(config: SgdConfig) -> None:
    check_optimizer(config)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (PLAIN, [0.9, 0.7, 0.4]),
        (MOMENTUM, [0.9, 0.65, 0.225]),
        (NESTEROV, [0.85, 0.525, 0.0125]),
    ],
    ids=["plain", "momentum", "nesterov"],
)
def test_three_steps_are_those_worked_out_by_hand(config: SgdConfig, expected: list[float]) -> None:
    slots = tuple(np.zeros(1) for _ in config.slots())
    span = Span(np.array([1.0]), np.zeros(1), slots, np.zeros(1))
    sgd = Sgd(config)
    path: list[float] = []
    for step, gradient in enumerate((1.0, 2.0, 3.0), start=1):
        span.grad.fill(gradient)
        sgd.update(span, config.learning_rate, step)
        path.append(float(span.value[0]))
    assert path == pytest.approx(expected, abs=1e-15)


def test_keeps_a_velocity_only_with_momentum() -> None:
    assert PLAIN.slots() == ()
    assert MOMENTUM.slots() == ("velocity",)


def test_nesterov_without_momentum_says_what_to_set() -> None:
    with pytest.raises(ValidationError, match="expects a momentum above 0"):
        SgdConfig(learning_rate=0.1, nesterov=True)


@pytest.mark.parametrize("table", [{"learning_rate": 0.0}, {"learning_rate": 0.1, "momentum": 1.0}])
def test_refuses_rates_out_of_range(table: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match="should be"):
        SgdConfig.model_validate(table)
