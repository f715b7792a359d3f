from __future__ import annotations

import math

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Array
from layerkit.builtin.adam import AdamConfig
from layerkit.randomness import generator
from layerkit.testing.build import build_optimizer
from layerkit.testing.optimizer import check_optimizer


def path_of_the_paper(config: AdamConfig, start: Array, gradients: Array) -> Array:
    """Return all values by algorithm 1 of Kingma and Ba, line by line."""
    theta, m, v = start.copy(), np.zeros_like(start), np.zeros_like(start)
    path = np.zeros_like(gradients)
    for t, g in enumerate(gradients, start=1):
        m = config.beta1 * m + (1 - config.beta1) * g
        v = config.beta2 * v + (1 - config.beta2) * g**2
        m_hat = m / (1 - config.beta1**t)
        v_hat = v / (1 - config.beta2**t)
        theta = theta - config.learning_rate * m_hat / (np.sqrt(v_hat) + config.epsilon)
        path[t - 1] = theta
    return path


@pytest.mark.parametrize(
    "options", [{}, {"beta1": 0.0}, {"beta2": 0.0}, {"learning_rate": 0.1, "epsilon": 1e-4}]
)
def test_keeps_the_contract_of_optimizers(options: dict[str, float]) -> None:
    check_optimizer({"type": "adam", **options})


@pytest.mark.parametrize(
    "config",
    [
        AdamConfig(),
        AdamConfig(learning_rate=0.1, beta1=0.5, beta2=0.9, epsilon=1e-3),
        AdamConfig(beta1=0, beta2=0),
    ],
    ids=["by default", "with other options", "without memory"],
)
def test_follows_the_algorithm_of_the_paper_for_1000_steps(config: AdamConfig) -> None:
    rng = generator(0, "adam")
    start = rng.normal(size=20)
    gradients = rng.normal(size=(1000, 20)) * np.logspace(-6, 3, 20)
    expected = path_of_the_paper(config, start, gradients)
    adam, span = build_optimizer(config, start.copy())
    for step, (gradient, value) in enumerate(zip(gradients, expected, strict=True), start=1):
        span.grad[...] = gradient
        adam.update(span, config.learning_rate, step)
        np.testing.assert_allclose(span.value, value, rtol=1e-12, atol=1e-12)


def test_the_first_step_is_the_learning_rate_whatever_the_gradient() -> None:
    adam, span = build_optimizer(AdamConfig(), np.zeros(3))
    span.grad[...] = [1e-3, -1.0, 1e6]
    adam.update(span, 0.01, 1)
    assert span.value.tolist() == pytest.approx([-0.01, 0.01, -0.01], rel=1e-4)


def test_two_steps_are_those_worked_out_by_hand() -> None:
    config = AdamConfig(learning_rate=0.1, beta1=0.5, beta2=0.75, epsilon=1e-300)
    adam, span = build_optimizer(config, np.zeros(1))
    path: list[float] = []
    for step, gradient in enumerate((1.0, -2.0), start=1):
        span.grad.fill(gradient)
        adam.update(span, config.learning_rate, step)
        path.append(float(span.value[0]))
    mean, square = (0.5 - 2) / 1.5, (0.75 + 4) / 1.75
    assert path == pytest.approx([-0.1, -0.1 - 0.1 * mean / math.sqrt(square)], abs=1e-15)


def test_needs_no_option_at_all() -> None:
    config = AdamConfig()
    assert config.learning_rate == 1e-3
    assert (config.beta1, config.beta2, config.epsilon) == (0.9, 0.999, 1e-8)


@pytest.mark.parametrize(
    ("option", "value"),
    [("beta1", 1.0), ("beta2", -0.1), ("beta2", 1.0), ("epsilon", 0.0), ("learning_rate", 0.0)],
)
def test_refuses_options_out_of_range(option: str, value: float) -> None:
    with pytest.raises(ValidationError, match=option):
        AdamConfig.model_validate({option: value})
