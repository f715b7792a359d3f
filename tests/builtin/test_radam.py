from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from layerkit.builtin.radam import RAdamConfig
from layerkit.testing.optimizer import check_optimizer
from tests.helpers.optimizers import scalar_path


@pytest.mark.parametrize("options", [{}, {"beta1": 0.0}, {"beta2": 0.5}, {"beta2": 0.9}])
def test_keeps_the_contract_of_optimizers(options: dict[str, object]) -> None:
    check_optimizer({"type": "radam", **options})


def test_the_first_steps_are_those_of_momentum() -> None:
    config = RAdamConfig(learning_rate=0.1, beta1=0.5)
    second = -0.1 - 0.1 * (0.25 - 1) / 0.75
    assert scalar_path(config, 1.0, -2.0) == pytest.approx([-0.1, second], abs=1e-15)


def test_the_sixth_step_is_rectified() -> None:
    config = RAdamConfig(learning_rate=0.1, beta1=0.5, beta2=0.999, epsilon=0.25)
    path = scalar_path(config, *([1.0] * 6))
    assert path[:5] == pytest.approx([-0.1, -0.2, -0.3, -0.4, -0.5], abs=1e-15)
    left = 1 - 0.999**6
    length = 1999 - 2 * 6 * 0.999**6 / left
    factor = (length - 4) * (length - 2) * 1999 / (1995 * 1997 * length)
    sixth = 0.1 * math.sqrt(factor) * math.sqrt(left) / (math.sqrt(left) + 0.25)
    assert path[5] == pytest.approx(-0.5 - sixth, abs=1e-12)


@pytest.mark.parametrize("option", [{"beta1": 1.0}, {"beta2": -0.1}, {"epsilon": 0.0}])
def test_refuses_options_out_of_range(option: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(option))):
        RAdamConfig.model_validate(option)
