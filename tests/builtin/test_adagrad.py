from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from layerkit.builtin.adagrad import AdagradConfig
from layerkit.testing.optimizer import check_optimizer
from tests.helpers.optimizers import scalar_path


@pytest.mark.parametrize("options", [{}, {"initial": 0.1}])
def test_keeps_the_contract_of_optimizers(options: dict[str, object]) -> None:
    check_optimizer({"type": "adagrad", **options})


def test_two_steps_are_those_worked_out_by_hand() -> None:
    config = AdagradConfig(learning_rate=0.1, epsilon=0.5)
    first = -0.1 / 1.5
    second = first + 0.1 * 2 / (math.sqrt(1 + 4) + 0.5)
    assert scalar_path(config, 1.0, -2.0) == pytest.approx([first, second], abs=1e-15)


def test_sums_begin_with_the_initial_value() -> None:
    config = AdagradConfig(learning_rate=0.1, initial=3.0)
    assert scalar_path(config, 1.0) == pytest.approx([-0.05], rel=1e-9)


@pytest.mark.parametrize("option", [{"initial": -0.1}, {"epsilon": 0.0}, {"learning_rate": 0.0}])
def test_refuses_options_out_of_range(option: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(option))):
        AdagradConfig.model_validate(option)
