from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.rprop import RpropConfig
from layerkit.testing.optimizer import check_optimizer
from tests.helpers.optimizers import path, scalar_path
from tests.helpers.specs import problems, small_plan


@pytest.mark.parametrize("options", [{}, {"shrink": 0.1, "grow": 2.0}, {"max_step": 0.01}])
def test_keeps_the_contract_of_optimizers(options: dict[str, object]) -> None:
    check_optimizer({"type": "rprop", **options})


def test_steps_grow_shrink_and_are_left_out_by_the_signs() -> None:
    config = RpropConfig(learning_rate=0.1, shrink=0.5, grow=2.0)
    # 0.1, doubled, halved and left out, then as it is, then doubled
    expected = [-0.1, -0.3, -0.3, -0.2, 0.0]
    found = scalar_path(config, 1.0, 7.0, -3.0, -1e-9, -5.0)
    assert found == pytest.approx(expected, abs=1e-15)


def test_lengths_stay_within_their_limits() -> None:
    config = RpropConfig(learning_rate=0.1, grow=2.0, max_step=0.15)
    assert scalar_path(config, 1.0, 1.0, 1.0) == pytest.approx([-0.1, -0.25, -0.4])
    config = RpropConfig(learning_rate=0.1, min_step=0.09)
    assert scalar_path(config, 1.0, -1.0, -1.0) == pytest.approx([-0.1, -0.1, -0.01])


def test_a_rate_of_its_group_is_a_factor_of_all_lengths() -> None:
    gradients = np.array([[1.0], [1.0], [-1.0], [-1.0]])
    whole = path(RpropConfig(), np.zeros(1), gradients)
    half = path(RpropConfig(), np.zeros(1), gradients, rate=0.5)
    np.testing.assert_allclose(half, whole / 2, rtol=1e-15)


def test_batches_are_refused() -> None:
    rprop = 'optimizer = {type = "rprop"}'
    assert problems(rprop, "training.batch_size=16") == [
        'training.batch_size: expected "full", found 16 '
        "(rprop compares the gradients of all examples at once)"
    ]
    small_plan(rprop, 'training.batch_size="full"')


def test_limits_are_in_order() -> None:
    with pytest.raises(ValidationError, match=r"min_step of at most max_step = 0\.1, found 1"):
        RpropConfig(min_step=1.0, max_step=0.1)


@pytest.mark.parametrize(
    "option", [{"shrink": 1.0}, {"grow": 1.0}, {"min_step": 0.0}, {"max_step": 0.0}]
)
def test_refuses_options_out_of_range(option: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(option))):
        RpropConfig.model_validate(option)
