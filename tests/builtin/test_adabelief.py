from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from layerkit.builtin.adabelief import AdaBeliefConfig
from layerkit.testing.optimizer import check_optimizer
from tests.helpers.optimizers import scalar_path


@pytest.mark.parametrize("options", [{}, {"beta1": 0.5}, {"beta2": 0.9}, {"epsilon": 1e-8}])
def test_keeps_the_contract_of_optimizers(options: dict[str, object]) -> None:
    check_optimizer({"type": "adabelief", **options})


def test_two_steps_are_those_worked_out_by_hand() -> None:
    config = AdaBeliefConfig(learning_rate=0.1, beta1=0.5, beta2=0.75, epsilon=0.25)
    deviation = 0.25 * 0.5**2 + 0.25  # of the gradient 1 from its mean 0.5
    first = -0.1 / (math.sqrt(deviation / 0.25) + 0.25)
    deviation = 0.75 * deviation + 0.25 * (-2 + 0.75) ** 2 + 0.25
    second = first - 0.1 * (-0.75 / 0.75) / (math.sqrt(deviation / 0.4375) + 0.25)
    assert scalar_path(config, 1.0, -2.0) == pytest.approx([first, second], abs=1e-15)


@pytest.mark.parametrize("option", [{"beta1": 1.0}, {"beta2": -0.1}, {"epsilon": 0.0}])
def test_refuses_options_out_of_range(option: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(option))):
        AdaBeliefConfig.model_validate(option)
