from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from layerkit.builtin.adadelta import AdadeltaConfig
from layerkit.testing.optimizer import check_optimizer
from tests.helpers.optimizers import scalar_path


@pytest.mark.parametrize("options", [{}, {"rho": 0.0}, {"epsilon": 1e-3, "rho": 0.95}])
def test_keeps_the_contract_of_optimizers(options: dict[str, object]) -> None:
    check_optimizer({"type": "adadelta", **options})


def test_two_steps_are_those_worked_out_by_hand() -> None:
    config = AdadeltaConfig(rho=0.75, epsilon=0.5)
    first = math.sqrt(0.5) / math.sqrt(0.25 + 0.5)
    steps = 0.25 * first**2
    second = math.sqrt(steps + 0.5) / math.sqrt(1.1875 + 0.5) * -2
    assert scalar_path(config, 1.0, -2.0) == pytest.approx([-first, -first - second], abs=1e-15)


@pytest.mark.parametrize("option", [{"rho": 1.0}, {"epsilon": 0.0}, {"learning_rate": 0.0}])
def test_refuses_options_out_of_range(option: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(option))):
        AdadeltaConfig.model_validate(option)
