from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.lamb import LAMBConfig
from layerkit.testing.optimizer import check_optimizer
from tests.helpers.optimizers import path


@pytest.mark.parametrize(
    "options", [{}, {"weight_decay": 0.0}, {"beta1": 0.0}, {"weight_decay": 0.5}]
)
def test_keeps_the_contract_of_optimizers(options: dict[str, object]) -> None:
    check_optimizer({"type": "lamb", **options})


def test_a_step_is_a_share_of_the_norm() -> None:
    config = LAMBConfig(learning_rate=0.1, weight_decay=0, epsilon=1e-300)
    found = path(config, np.array([3.0, 4.0]), np.array([[1e-3, -1e3]]))
    along = 0.1 * 5 / np.sqrt(2)  # the direction is (1, -1)
    assert found[0].tolist() == pytest.approx([3 - along, 4 + along], rel=1e-12)


def test_two_steps_are_those_worked_out_by_hand() -> None:
    config = LAMBConfig(learning_rate=0.1, beta1=0.5, beta2=0.75, epsilon=0.25, weight_decay=0.5)
    w, gradients = np.array([3.0, -4.0]), np.array([[1.0, 2.0], [-2.0, 1.0]])
    expected: list[list[float]] = []
    one, other = gradients
    means = (one / 2, one / 4 + other / 2)
    squares = (one**2 / 4, 0.1875 * one**2 + other**2 / 4)
    for t, m, v in zip((1, 2), means, squares, strict=True):
        u = m / (1 - 0.5**t) / (np.sqrt(v / (1 - 0.75**t)) + 0.25) + 0.5 * w
        w = w - 0.1 * np.linalg.norm(w) / np.linalg.norm(u) * u
        expected.append(w.tolist())
    found = path(config, np.array([3.0, -4.0]), gradients)
    np.testing.assert_allclose(found, expected, rtol=1e-14)


def test_a_parameter_at_0_has_a_ratio_of_1() -> None:
    config = LAMBConfig(learning_rate=0.1, epsilon=1e-300)
    found = path(config, np.zeros(2), np.array([[1.0, -2.0]]))
    assert found[0].tolist() == pytest.approx([-0.1, 0.1], rel=1e-14)


@pytest.mark.parametrize(
    "option", [{"beta1": 1.0}, {"beta2": -0.1}, {"epsilon": 0.0}, {"weight_decay": -1.0}]
)
def test_refuses_options_out_of_range(option: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(option))):
        LAMBConfig.model_validate(option)
