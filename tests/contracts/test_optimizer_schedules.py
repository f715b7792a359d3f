"""Numbers of optimizers that follow schedules: the momentum, and beta1, which stands for it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.component import Config
from layerkit.contracts.optimizer import OPTIMIZERS, OptimizerConfig
from layerkit.errors import UsageError
from layerkit.registry import installed
from layerkit.testing.build import build_optimizer
from layerkit.testing.optimizer import check_optimizer

FALL = {"type": "one_cycle", "first": 1, "peak": 0.5, "last": 1, "warmup": 1, "anneal": "linear"}
OF_BETA1 = ["adabelief", "adam", "adamax", "adamw", "amsgrad", "lamb", "nadam", "radam"]
OF_MOMENTUM = ["lars", "rmsprop", "sgd"]
SCHEDULED = [*((name, "beta1") for name in OF_BETA1), *((name, "momentum") for name in OF_MOMENTUM)]
GRADIENTS = (1.0, -0.5, 2.0)
FALLING = (0.5, 0.375, 0.25)
"""What 0.5 is in three steps of `FALL`."""


def config_of(name: str, option: str, start: float, **options: object) -> OptimizerConfig:
    config: Config = (
        installed()
        .load(OPTIMIZERS, name)
        .model_validate(
            {"learning_rate": 0.1, option: start, f"{option}_schedule": FALL, **options}
        )
    )
    assert isinstance(config, OptimizerConfig)
    return config


def path(config: OptimizerConfig, start: float = 0.0) -> list[float]:
    """Return what an element is after each of three steps."""
    optimizer, span = build_optimizer(config, np.array([start]), steps_per_epoch=3, epochs=1)
    assert len(optimizer.schedules()) == 1
    values = list[float]()
    for step, gradient in enumerate(GRADIENTS, start=1):
        span.grad.fill(gradient)
        optimizer.update(span, config.learning_rate, step)
        values.append(float(span.value[0]))
    return values


@pytest.mark.parametrize(("name", "option"), SCHEDULED)
def test_an_optimizer_with_a_schedule_keeps_the_contract(name: str, option: str) -> None:
    check_optimizer(config_of(name, option, 0.5))


@pytest.mark.parametrize(("name", "option"), SCHEDULED)
def test_a_number_that_would_reach_1_is_refused_before_the_first_step(
    name: str, option: str
) -> None:
    config = config_of(name, option, 0.9, **{f"{option}_schedule": {**FALL, "peak": 2}})
    with pytest.raises(UsageError, match=rf"^optimizer\.{option}: .* below 1, found 1"):
        build_optimizer(config, np.zeros(3))


@pytest.mark.parametrize(("name", "option"), SCHEDULED)
def test_a_schedule_of_0_is_refused(name: str, option: str) -> None:
    with pytest.raises(ValidationError, match=f"{option}_schedule expects a {option} above 0"):
        config_of(name, option, 0.0)


def test_lars_follows_its_paper_with_the_momentum_of_each_step() -> None:
    w, v, expected = 2.0, 0.0, list[float]()
    for g, momentum in zip(GRADIENTS, FALLING, strict=True):
        v = momentum * v + 0.1 * (0.5 * abs(w) / abs(g)) * g
        w -= v
        expected.append(w)
    assert path(config_of("lars", "momentum", 0.5, trust=0.5), 2.0) == pytest.approx(expected)


def test_lamb_follows_its_paper_with_the_beta1_of_each_step() -> None:
    w, m, v, expected = 2.0, 0.0, 0.0, list[float]()
    for t, (g, beta1) in enumerate(zip(GRADIENTS, FALLING, strict=True), start=1):
        m = beta1 * m + (1 - beta1) * g
        v = 0.75 * v + 0.25 * g**2
        u = m / (1 - beta1**t) / (math.sqrt(v / (1 - 0.75**t)) + 0.25) + 0.5 * w
        w -= 0.1 * abs(w) / abs(u) * u
        expected.append(w)
    config = config_of("lamb", "beta1", 0.5, beta2=0.75, epsilon=0.25, weight_decay=0.5)
    assert path(config, 2.0) == pytest.approx(expected)


def test_adabelief_follows_its_paper_with_the_beta1_of_each_step() -> None:
    w, m, s, expected = 0.0, 0.0, 0.0, list[float]()
    for t, (g, beta1) in enumerate(zip(GRADIENTS, FALLING, strict=True), start=1):
        m = beta1 * m + (1 - beta1) * g
        s = 0.75 * s + 0.25 * (g - m) ** 2 + 0.25
        w -= 0.1 * m / (1 - beta1**t) / (math.sqrt(s / (1 - 0.75**t)) + 0.25)
        expected.append(w)
    config = config_of("adabelief", "beta1", 0.5, beta2=0.75, epsilon=0.25)
    assert path(config) == pytest.approx(expected)


@pytest.mark.parametrize("name", ["adam", "adamw"])
def test_adam_has_the_beta1_of_each_step_in_mean_and_correction(name: str) -> None:
    w, m, v, expected = 0.0, 0.0, 0.0, list[float]()
    for t, (g, beta1) in enumerate(zip(GRADIENTS, FALLING, strict=True), start=1):
        m = beta1 * m + (1 - beta1) * g
        v = 0.75 * v + 0.25 * g**2
        w -= 0.1 * m / (1 - beta1**t) / (math.sqrt(v / (1 - 0.75**t)) + 0.25)
        expected.append(w)
    none = {"weight_decay": 0.0} if name == "adamw" else {}
    config = config_of(name, "beta1", 0.5, beta2=0.75, epsilon=0.25, **none)
    assert path(config) == pytest.approx(expected)
