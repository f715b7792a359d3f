from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.lion import LionConfig
from layerkit.testing.optimizer import check_optimizer
from tests.helpers.optimizers import path, scalar_path


@pytest.mark.parametrize("options", [{}, {"weight_decay": 0.1}, {"beta1": 0.0}, {"beta2": 0.0}])
def test_keeps_the_contract_of_optimizers(options: dict[str, object]) -> None:
    check_optimizer({"type": "lion", **options})


def test_every_step_is_the_learning_rate_whatever_the_gradient() -> None:
    found = path(LionConfig(learning_rate=0.25), np.zeros(3), np.array([[1e-20, -1.0, 1e20]]))
    assert found.tolist() == [[-0.25, 0.25, -0.25]]


def test_the_sign_is_that_of_the_mean_with_beta1_and_beta2_is_for_the_mean_kept() -> None:
    config = LionConfig(learning_rate=0.25, beta1=0.75, beta2=0.5)
    # m = 0.5, then 0.75 * 0.5 - 0.25 * 1.25 > 0; m = 0.25 - 0.625, then 0.75 * -0.375 + 0.25 < 0
    assert scalar_path(config, 1.0, -1.25, 1.0) == [-0.25, -0.5, -0.25]


@pytest.mark.parametrize(("decay", "expected"), [(1.0, 1.7), (0.5, 1.8), (0.0, 1.9)])
def test_decay_is_beside_the_sign(decay: float, expected: float) -> None:
    config = LionConfig(learning_rate=0.1, weight_decay=1.0)
    found = path(config, np.array([2.0]), np.ones((1, 1)), decay=decay)
    assert found.tolist() == [[pytest.approx(expected, rel=1e-15)]]


@pytest.mark.parametrize("option", [{"beta1": 1.0}, {"beta2": -0.1}, {"weight_decay": -1.0}])
def test_refuses_options_out_of_range(option: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(option))):
        LionConfig.model_validate(option)
