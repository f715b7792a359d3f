from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from layerkit.builtin.rmsprop import RMSPropConfig
from layerkit.testing.optimizer import check_optimizer
from tests.helpers.optimizers import scalar_path


@pytest.mark.parametrize(
    "options", [{}, {"momentum": 0.9}, {"centered": True}, {"centered": True, "momentum": 0.5}]
)
def test_keeps_the_contract_of_optimizers(options: dict[str, object]) -> None:
    check_optimizer({"type": "rmsprop", **options})


def test_two_steps_are_those_worked_out_by_hand() -> None:
    config = RMSPropConfig(learning_rate=0.1, rho=0.75, epsilon=0.5)
    first = -0.1 / (math.sqrt(0.25) + 0.5)  # v = 0.25 * 1²
    second = first + 0.1 * 2 / (math.sqrt(0.1875 + 1) + 0.5)  # v = 0.75 * 0.25 + 0.25 * 2²
    assert scalar_path(config, 1.0, -2.0) == pytest.approx([first, second], abs=1e-15)


def test_centered_divides_by_the_standard_deviation() -> None:
    config = RMSPropConfig(learning_rate=0.1, rho=0.75, epsilon=0.5, centered=True)
    first = -0.1 / (math.sqrt(0.25 - 0.25**2) + 0.5)
    mean = 0.75 * 0.25 - 0.25 * 2
    second = first + 0.1 * 2 / (math.sqrt(1.1875 - mean**2) + 0.5)
    assert scalar_path(config, 1.0, -2.0) == pytest.approx([first, second], abs=1e-15)


def test_momentum_sums_what_is_divided_already() -> None:
    plain = scalar_path(RMSPropConfig(learning_rate=0.1, rho=0.75), 1.0, -2.0)
    found = scalar_path(RMSPropConfig(learning_rate=0.1, rho=0.75, momentum=0.5), 1.0, -2.0)
    assert found == pytest.approx([plain[0], plain[1] + 0.5 * plain[0]], abs=1e-15)


def test_the_same_gradient_for_long_has_a_variance_of_at_least_0() -> None:
    config = RMSPropConfig(rho=0.5, centered=True, epsilon=1.0)
    assert math.isfinite(scalar_path(config, *([0.1] * 200))[-1])


@pytest.mark.parametrize(
    "option", [{"rho": 1.0}, {"momentum": -0.1}, {"epsilon": 0.0}, {"learning_rate": 0.0}]
)
def test_refuses_options_out_of_range(option: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(option))):
        RMSPropConfig.model_validate(option)
