from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from layerkit.builtin.amsgrad import AMSGradConfig
from layerkit.testing.optimizer import check_optimizer
from tests.helpers.optimizers import scalar_path


@pytest.mark.parametrize("options", [{}, {"beta1": 0.0}, {"beta2": 0.0}])
def test_keeps_the_contract_of_optimizers(options: dict[str, object]) -> None:
    check_optimizer({"type": "amsgrad", **options})


def test_two_steps_are_those_worked_out_by_hand() -> None:
    config = AMSGradConfig(learning_rate=0.1, beta1=0.5, beta2=0.75, epsilon=0.25)
    first = -0.1 * 1 / (1 + 0.25)
    root = math.sqrt(max(0.25, 0.1875 + 1) / (1 - 0.75**2))
    second = first - 0.1 * (0.25 - 1) / 0.75 / (root + 0.25)
    assert scalar_path(config, 1.0, -2.0) == pytest.approx([first, second], abs=1e-15)


def test_a_large_gradient_is_not_forgotten() -> None:
    config = AMSGradConfig(learning_rate=0.1, beta1=0, beta2=0.75, epsilon=1e-300)
    second = scalar_path(config, 2.0, 0.5)
    largest = max(1.0, 0.75 * 1 + 0.25 * 0.25)
    expected = -0.1 - 0.1 * 0.5 / math.sqrt(largest / (1 - 0.75**2))
    assert second == pytest.approx([-0.1, expected], abs=1e-15)


@pytest.mark.parametrize("option", [{"beta1": 1.0}, {"beta2": -0.1}, {"epsilon": 0.0}])
def test_refuses_options_out_of_range(option: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(option))):
        AMSGradConfig.model_validate(option)
