from __future__ import annotations

import pytest
from pydantic import ValidationError

from layerkit.builtin.adamax import AdamaxConfig
from layerkit.testing.optimizer import check_optimizer
from tests.helpers.optimizers import scalar_path


@pytest.mark.parametrize("options", [{}, {"beta1": 0.0}, {"beta2": 0.0}])
def test_keeps_the_contract_of_optimizers(options: dict[str, object]) -> None:
    check_optimizer({"type": "adamax", **options})


def test_three_steps_are_those_worked_out_by_hand() -> None:
    config = AdamaxConfig(learning_rate=0.1, beta1=0.5, beta2=0.75, epsilon=0.25)
    first = -0.1 / (1 + 0.25)  # the corrected mean is 1
    second = first - 0.1 * (0.25 - 1) / 0.75 / 2.25
    third = second - 0.1 * (-0.375 + 0.5) / 0.875 / (0.75 * 2.25)  # the largest is remembered
    found = scalar_path(config, 1.0, -2.0, 1.0)
    assert found == pytest.approx([first, second, third], abs=1e-15)


@pytest.mark.parametrize(
    "option", [{"beta1": 1.0}, {"beta2": -0.1}, {"epsilon": 0.0}, {"learning_rate": 0.0}]
)
def test_refuses_options_out_of_range(option: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(option))):
        AdamaxConfig.model_validate(option)
