"""Schedules give the rates of PyTorch's where their options can be mapped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler

from layerkit.builtin.cosine import CosineConfig
from layerkit.builtin.exponential import ExponentialConfig
from layerkit.builtin.multi_step import MultiStepConfig
from layerkit.builtin.one_cycle import OneCycleConfig
from layerkit.builtin.polynomial import PolynomialConfig
from layerkit.builtin.reduce_on_plateau import ReduceOnPlateauConfig
from layerkit.builtin.step import StepConfig
from layerkit.builtin.warmup import WarmupConfig
from layerkit.contracts.events import EpochEnded
from layerkit.contracts.schedule import ScheduleConfig, ScheduleContext

START, STEPS = 0.3, 60


def optimizer() -> torch.optim.Optimizer:
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=START)


def rate_of(optimizer: torch.optim.Optimizer) -> float:
    return float(optimizer.param_groups[0]["lr"])


def rates_of(optimizer: torch.optim.Optimizer, schedule: lr_scheduler.LRScheduler) -> list[float]:
    rates: list[float] = []
    for step in range(STEPS):
        rates.append(rate_of(optimizer))
        optimizer.step()
        if step < STEPS - 1:
            schedule.step()
    return rates


@pytest.mark.parametrize(("anneal", "strategy"), [("cosine", "cos"), ("linear", "linear")])
@pytest.mark.parametrize("warmup", [0.1, 0.3, 0.45, 0.9])
def test_one_cycle(
    anneal: Literal["cosine", "linear"], strategy: Literal["cos", "linear"], warmup: float
) -> None:
    sgd = optimizer()
    expected = rates_of(
        sgd,
        lr_scheduler.OneCycleLR(
            sgd,
            max_lr=START,
            total_steps=STEPS,
            pct_start=warmup,
            anneal_strategy=strategy,
            div_factor=20,
            final_div_factor=50,
        ),
    )
    config = OneCycleConfig(first=1 / 20, last=1 / 1000, warmup=warmup, anneal=anneal)
    schedule = config.build(ScheduleContext(START, STEPS, 1))
    found = [schedule(step) for step in range(STEPS)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize(("start", "steps"), [(0.1, 10), (1 / 3, 1), (0.5, 60), (0.25, 100)])
def test_warmup_of_a_constant_rate(start: float, steps: int) -> None:
    sgd = optimizer()
    linear = lr_scheduler.LinearLR(sgd, start_factor=start, end_factor=1, total_iters=steps)
    expected = rates_of(sgd, linear)
    schedule = WarmupConfig(start=start, steps=steps).build(ScheduleContext(START, STEPS, 1))
    found = [schedule(step) for step in range(STEPS)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


MakeSchedule = Callable[[torch.optim.Optimizer], lr_scheduler.LRScheduler]


@pytest.mark.parametrize(
    ("config", "make"),
    [
        (StepConfig(steps=7, factor=0.3), lambda sgd: lr_scheduler.StepLR(sgd, 7, 0.3)),
        (StepConfig(steps=1, factor=0.9), lambda sgd: lr_scheduler.ExponentialLR(sgd, 0.9)),
        (ExponentialConfig(steps=1, factor=0.9), lambda sgd: lr_scheduler.ExponentialLR(sgd, 0.9)),
        (
            MultiStepConfig(steps=(5, 6, 40), factor=0.3),
            lambda sgd: lr_scheduler.MultiStepLR(sgd, [5, 6, 40], 0.3),
        ),
        (
            PolynomialConfig(steps=50, power=2.5),
            lambda sgd: lr_scheduler.PolynomialLR(sgd, 50, 2.5),
        ),
        (
            CosineConfig(last=0.1),
            lambda sgd: lr_scheduler.CosineAnnealingLR(sgd, STEPS, eta_min=0.1 * START),
        ),
        (
            CosineConfig(steps=7),
            lambda sgd: lr_scheduler.CosineAnnealingWarmRestarts(sgd, 7),
        ),
        (
            CosineConfig(steps=7, growth=2.0, last=0.1),
            lambda sgd: lr_scheduler.CosineAnnealingWarmRestarts(sgd, 7, 2, 0.1 * START),
        ),
    ],
    ids=[
        "step",
        "step every step",
        "exponential",
        "multi_step",
        "polynomial",
        "cosine",
        "cosine with restarts",
        "cosine with longer and longer periods",
    ],
)
def test_decays_as_torchs_do(config: ScheduleConfig, make: MakeSchedule) -> None:
    sgd = optimizer()
    expected = rates_of(sgd, make(sgd))
    schedule = config.build(ScheduleContext(START, STEPS, 1))
    found = [schedule(step) for step in range(STEPS)]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * START)


@pytest.mark.parametrize("patience", [1, 3])
@pytest.mark.parametrize("min_delta", [0.0, 0.05])
@pytest.mark.parametrize("mode", ["min", "max"])
def test_reduce_on_plateau(patience: int, min_delta: float, mode: Literal["min", "max"]) -> None:
    rng = np.random.default_rng(patience)
    figures = [float(each) for each in 1 / np.arange(1, STEPS + 1) + rng.normal(0, 0.03, STEPS)]
    sgd = optimizer()
    plateau = lr_scheduler.ReduceLROnPlateau(
        sgd,
        mode=mode,
        factor=0.7,
        patience=patience - 1,  # PyTorch waits for one epoch more
        threshold=min_delta,
        threshold_mode="abs",
        min_lr=1e-3,
        eps=0,
    )
    config = ReduceOnPlateauConfig(
        monitor="figure", factor=0.7, patience=patience, min_delta=min_delta, minimum=1e-3
    )
    context = ScheduleContext(START, 2, STEPS, {"figure": mode == "max"})
    schedule = config.build(context)
    for epoch, figure in enumerate(figures):
        found = schedule(2 * epoch)
        assert found == pytest.approx(rate_of(sgd), rel=1e-14)
        plateau.step(figure)
        validation = {"figure": figure}
        schedule.observe(EpochEnded(epoch + 1, 2 * epoch + 2, found, {}, validation, 1.0, 1.0))
    assert rate_of(sgd) < START / 10
