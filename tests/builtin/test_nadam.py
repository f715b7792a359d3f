from __future__ import annotations

import math

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.nadam import NadamConfig
from layerkit.randomness import generator
from layerkit.testing.build import build_optimizer
from layerkit.testing.optimizer import check_optimizer
from tests.helpers.optimizers import scalar_path


@pytest.mark.parametrize("options", [{}, {"beta1": 0.0}, {"beta2": 0.0}, {"momentum_decay": 1.0}])
def test_keeps_the_contract_of_optimizers(options: dict[str, object]) -> None:
    check_optimizer({"type": "nadam", **options})


def test_two_steps_are_those_worked_out_by_hand() -> None:
    config = NadamConfig(learning_rate=0.1, beta1=0.5, beta2=0.75, epsilon=0.25, momentum_decay=0)
    now = 0.25  # the momentum, half of beta1 at every step
    first = -0.1 * (1 + now / (1 - now**2) * 0.5) / (1 + 0.25)
    along = (1 - now) / (1 - now**2) * -2 + now / (1 - now**3) * (0.25 - 1)
    second = first - 0.1 * along / (math.sqrt((0.1875 + 1) / (1 - 0.75**2)) + 0.25)
    assert scalar_path(config, 1.0, -2.0) == pytest.approx([first, second], abs=1e-15)


def test_momentum_grows_from_half_of_beta1_to_all_of_it() -> None:
    config = NadamConfig(learning_rate=0.1, beta1=0.5, momentum_decay=1, epsilon=1e-300)
    one, two = (0.5 * (1 - 0.5 * 0.96**t) for t in (1, 2))
    first = -0.1 * (1 + two / (1 - one * two) * 0.5)
    assert scalar_path(config, 1.0) == pytest.approx([first], abs=1e-15)


def test_a_later_step_has_the_momenta_of_all_before_it_in_another_process_too() -> None:
    config = NadamConfig(learning_rate=0.1)
    going_on, one = build_optimizer(config, np.zeros(5))
    for step, gradient in enumerate(generator(0, "nadam").normal(size=(50, 5)), start=1):
        one.grad[...] = gradient
        going_on.update(one, 0.1, step)
    restarted, other = build_optimizer(config, one.value.copy())
    for own, new in zip(one.slots, other.slots, strict=True):
        np.copyto(new, own)
    one.grad.fill(1)
    other.grad.fill(1)
    going_on.update(one, 0.1, 51)
    restarted.update(other, 0.1, 51)
    np.testing.assert_array_equal(one.value, other.value)


@pytest.mark.parametrize(
    "option", [{"beta1": 1.0}, {"beta2": -0.1}, {"epsilon": 0.0}, {"momentum_decay": -1.0}]
)
def test_refuses_options_out_of_range(option: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(option))):
        NadamConfig.model_validate(option)
