"""Schedules give the rates of PyTorch's over 10,000 steps, or those of the formula if it has none.

Rates are within 1e-12 of the starting rate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler

from layerkit.builtin.constant import ConstantConfig
from layerkit.builtin.cosine import CosineConfig
from layerkit.builtin.exponential import ExponentialConfig
from layerkit.builtin.inverse_time import InverseTimeConfig
from layerkit.builtin.log_cosine import LogCosineConfig
from layerkit.builtin.multi_step import MultiStepConfig
from layerkit.builtin.one_cycle import OneCycleConfig
from layerkit.builtin.piecewise import PiecewiseConfig
from layerkit.builtin.polynomial import PolynomialConfig
from layerkit.builtin.reduce_on_plateau import ReduceOnPlateauConfig
from layerkit.builtin.step import StepConfig
from layerkit.builtin.warmup import WarmupConfig
from layerkit.contracts.events import EpochEnded
from layerkit.contracts.schedule import ScheduleConfig, ScheduleContext

START, STEPS, STEPS_PER_EPOCH = 0.3, 10_000, 50


def expect_rates(config: ScheduleConfig, expected: Sequence[float]) -> None:
    context = ScheduleContext(START, STEPS_PER_EPOCH, STEPS // STEPS_PER_EPOCH)
    schedule = config.build(context)
    found = [schedule(step) for step in range(STEPS)]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * START)


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
    expect_rates(config, expected)


@pytest.mark.parametrize(("start", "steps"), [(0.1, 10), (1 / 3, 1), (0.5, 10_000), (0.25, 20_000)])
def test_warmup_of_a_constant_rate(start: float, steps: int) -> None:
    sgd = optimizer()
    linear = lr_scheduler.LinearLR(sgd, start_factor=start, end_factor=1, total_iters=steps)
    expected = rates_of(sgd, linear)
    expect_rates(WarmupConfig(start=start, steps=steps), expected)


MakeSchedule = Callable[[torch.optim.Optimizer], lr_scheduler.LRScheduler]


@pytest.mark.parametrize(
    ("config", "make"),
    [
        (ConstantConfig(), lambda sgd: lr_scheduler.ConstantLR(sgd, 1.0)),
        (StepConfig(steps=700, factor=0.3), lambda sgd: lr_scheduler.StepLR(sgd, 700, 0.3)),
        (StepConfig(steps=1, factor=0.999), lambda sgd: lr_scheduler.ExponentialLR(sgd, 0.999)),
        (
            ExponentialConfig(steps=1, factor=0.999),
            lambda sgd: lr_scheduler.ExponentialLR(sgd, 0.999),
        ),
        (
            MultiStepConfig(steps=(5, 6, 4000), factor=0.3),
            lambda sgd: lr_scheduler.MultiStepLR(sgd, [5, 6, 4000], 0.3),
        ),
        (
            PolynomialConfig(steps=8000, power=2.5),
            lambda sgd: lr_scheduler.PolynomialLR(sgd, 8000, 2.5),
        ),
        (
            CosineConfig(last=0.1),
            lambda sgd: lr_scheduler.CosineAnnealingLR(sgd, STEPS, eta_min=0.1 * START),
        ),
        (
            CosineConfig(steps=70),
            lambda sgd: lr_scheduler.CosineAnnealingWarmRestarts(sgd, 70),
        ),
        (
            CosineConfig(steps=70, growth=2.0, last=0.1),
            lambda sgd: lr_scheduler.CosineAnnealingWarmRestarts(sgd, 70, 2, 0.1 * START),
        ),
        (
            PiecewiseConfig(steps=(0, 100, 5000), factors=(0.5, 1.0, 0.1)),
            lambda sgd: lr_scheduler.SequentialLR(
                sgd,
                [lr_scheduler.ConstantLR(sgd, factor, STEPS) for factor in (0.5, 1.0, 0.1)],
                [100, 5000],
            ),
        ),
        (
            WarmupConfig(steps=300, schedule=StepConfig(steps=700, factor=0.3)),
            lambda sgd: lr_scheduler.ChainedScheduler(
                [lr_scheduler.LinearLR(sgd, 0.1, 1.0, 300), lr_scheduler.StepLR(sgd, 700, 0.3)]
            ),
        ),
    ],
    ids=[
        "constant",
        "step",
        "step every step",
        "exponential",
        "multi_step",
        "polynomial",
        "cosine",
        "cosine with restarts",
        "cosine with longer and longer periods",
        "piecewise",
        "warmup of steps",
    ],
)
def test_decays_as_torchs_do(config: ScheduleConfig, make: MakeSchedule) -> None:
    sgd = optimizer()
    expected = rates_of(sgd, make(sgd))
    expect_rates(config, expected)


@pytest.mark.parametrize("compound", [False, True])
def test_inverse_time_is_its_formula(compound: bool) -> None:
    """PyTorch has none; compounded, every epoch divides the rate of the one before."""
    rates: list[float] = []
    rate = START
    for epoch in range(STEPS // STEPS_PER_EPOCH):
        rate = (rate if compound else START) / (1 + 0.01 * epoch)
        rates += [rate] * STEPS_PER_EPOCH
    expect_rates(InverseTimeConfig(decay=0.01, compound=compound), rates)


@pytest.mark.parametrize("cycles", [1, 4])
def test_log_cosine_is_that_of_the_paper(cycles: int) -> None:
    """PyTorch has none; ``coslog`` of Holzmüller et al., with its half angle."""
    time = np.arange(STEPS) / STEPS
    turns = np.log1p((2**cycles - 1) * time) / np.log(2)
    expect_rates(LogCosineConfig(cycles=cycles), (START * np.sin(np.pi * turns) ** 2).tolist())


def test_piecewise_in_straight_lines_is_numpys_interpolation() -> None:
    epochs, factors = (0, 10, 11, 150), (0.1, 1.0, 0.5, 0.0)
    starts = [STEPS_PER_EPOCH * epoch for epoch in epochs]
    expected = START * np.interp(np.arange(STEPS), starts, factors)
    config = PiecewiseConfig(epochs=epochs, factors=factors, interpolate="linear")
    expect_rates(config, expected.tolist())


@pytest.mark.parametrize("patience", [1, 3])
@pytest.mark.parametrize("min_delta", [0.0, 0.05])
@pytest.mark.parametrize("mode", ["min", "max"])
def test_reduce_on_plateau(patience: int, min_delta: float, mode: Literal["min", "max"]) -> None:
    rng = np.random.default_rng(patience)
    epochs = STEPS // STEPS_PER_EPOCH
    falling = 1 / np.arange(1, epochs + 1) + rng.normal(0, 0.03, epochs)
    figures: list[float] = falling.tolist()
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
    context = ScheduleContext(START, STEPS_PER_EPOCH, epochs, {"figure": mode == "max"})
    schedule = config.build(context)
    for epoch, figure in enumerate(figures):
        first, end = STEPS_PER_EPOCH * epoch, STEPS_PER_EPOCH * (epoch + 1)
        found = [schedule(step) for step in range(first, end)]
        np.testing.assert_allclose(found, rate_of(sgd), rtol=0, atol=1e-12 * START)
        plateau.step(figure)
        validation = {"figure": figure}
        schedule.observe(EpochEnded(epoch + 1, end, found[-1], {}, validation, 1.0, 1.0))
    assert rate_of(sgd) < START / 10
