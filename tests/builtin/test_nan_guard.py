from __future__ import annotations

import re

import numpy as np
import pytest

from layerkit.builtin.nan_guard import NanGuard, NanGuardConfig
from layerkit.contracts.events import GradientReady
from layerkit.engine.training import train
from layerkit.errors import DivergedError
from layerkit.testing import check_callback
from tests.helpers.runs import STARTED, StillRun, step_ended
from tests.helpers.specs import small_spec


def started(every: int = 1) -> tuple[NanGuard, StillRun]:
    guard, run = NanGuard(NanGuardConfig(every=every)), StillRun()
    guard.training_started(STARTED, run)
    return guard, run


@pytest.mark.parametrize("every", [1, 3])
def test_it_keeps_the_contract_of_callbacks(every: int) -> None:
    check_callback({"type": "nan_guard", "every": every})


def test_a_gradient_that_is_not_finite_ends_training_and_names_its_parameter() -> None:
    guard, run = started()
    guard.gradient_ready(GradientReady(1, 1, 0.5))
    run.gradients["dense_1.bias"][1] = np.inf
    run.gradients["head.out.weight"].fill(np.nan)
    message = (
        "training diverged at step 2 (epoch 1): the gradient of dense_1.bias has inf (1 of 3 "
        "values, and 1 more like it); lower optimizer.learning_rate"
    )
    with pytest.raises(DivergedError, match=f"^{re.escape(message)}$"):
        guard.gradient_ready(GradientReady(2, 1, 0.5))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_parameter_that_is_not_finite_ends_training_and_is_named(value: float) -> None:
    guard, run = started()
    guard.step_ended(step_ended(1))
    run.parameters["head.out.weight"][2, 0] = value
    expected = rf"at step 7 \(epoch 2\): head\.out\.weight has {value} \(1 of 3 values\)"
    with pytest.raises(DivergedError, match=expected):
        guard.step_ended(step_ended(7, epoch=2))


def test_a_loss_that_is_not_finite_is_seen_at_any_step() -> None:
    guard, run = started(every=10)
    run.parameters["dense_1.bias"][0] = -123.0
    with pytest.raises(
        DivergedError, match=r"the loss is nan, and dense_1\.bias reaches 123; lower"
    ):
        guard.gradient_ready(GradientReady(3, 1, float("nan")))


def test_between_looks_nothing_is_looked_at() -> None:
    guard, run = started(every=3)
    run.gradients["dense_1.bias"].fill(np.nan)
    run.parameters["dense_1.bias"].fill(np.nan)
    for step in (1, 2):
        guard.gradient_ready(GradientReady(step, 1, 0.5))
        guard.step_ended(step_ended(step))
    with pytest.raises(DivergedError):
        guard.gradient_ready(GradientReady(3, 1, 0.5))
    with pytest.raises(DivergedError):
        guard.step_ended(step_ended(3))


def test_the_largest_finite_numbers_pass() -> None:
    guard, run = started()
    for array in run.gradients.values():
        array.fill(np.finfo(np.float64).max)
    guard.gradient_ready(GradientReady(1, 1, 0.5))
    run.gradients["dense_1.bias"][0] = np.inf
    with pytest.raises(DivergedError):
        guard.gradient_ready(GradientReady(2, 1, 0.5))


def test_a_training_that_diverges_names_a_parameter_of_the_network() -> None:
    spec = small_spec("optimizer.learning_rate=1e30", 'callbacks=["nan_guard"]')
    with pytest.raises(DivergedError, match=r"at step \d+ \(epoch 1\): .*dense_\d\.(weight|bias)"):
        train(spec)
