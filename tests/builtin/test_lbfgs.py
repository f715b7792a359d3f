from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Array
from layerkit.builtin.lbfgs import LBFGSConfig
from layerkit.contracts.optimizer import Optimizer, OptimizerConfig, Span
from layerkit.engine.training import train
from layerkit.testing.build import build_optimizer
from layerkit.testing.optimizer import check_optimizer
from tests.helpers.specs import problems, small_spec

Function = Callable[[Array], tuple[float, Array]]


class Problem:
    """A function to make smaller, and an optimizer that does; counts evaluations."""

    def __init__(self, function: Function, start: Array, config: LBFGSConfig) -> None:
        self.function = function
        self.evaluations = 0
        self.optimizer: Optimizer[OptimizerConfig]
        self.span: Span
        self.optimizer, self.span = build_optimizer(config, start, objective=self.objective)

    def objective(self) -> float:
        self.evaluations += 1
        loss, self.span.grad[...] = self.function(self.span.value)
        return loss

    def run(self, steps: int, rate: float = 1.0) -> float:
        """Take some steps; return the loss."""
        for step in range(1, steps + 1):
            _, self.span.grad[...] = self.function(self.span.value)
            self.optimizer.update(self.span, rate, step)
        return self.function(self.span.value)[0]


def rosenbrock(w: Array) -> tuple[float, Array]:
    x, y = w
    loss = (1 - x) ** 2 + 100 * (y - x * x) ** 2
    return float(loss), np.array([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)])


def quadratic(w: Array) -> tuple[float, Array]:
    curvature = np.logspace(-2, 3, w.size)
    return float(curvature @ (w * w)) / 2, curvature * w


def log_cosh(w: Array) -> tuple[float, Array]:
    return float(np.log(np.cosh(w)).sum()), np.tanh(w)


def cliff(w: Array) -> tuple[float, Array]:
    """A slope that ends at 1, beyond which the function is no number."""
    if np.any(w >= 1):
        return float("nan"), np.full_like(w, np.nan)
    return float(-np.log1p(-w).sum() - 4 * w.sum()), 1 / (1 - w) - 4


@pytest.mark.parametrize(
    "options", [{}, {"history": 1}, {"history": 2}, {"max_evaluations": 3}, {"learning_rate": 0.1}]
)
def test_keeps_the_contract_of_optimizers(options: dict[str, float]) -> None:
    check_optimizer({"type": "lbfgs", **options})


def test_finds_the_bottom_of_rosenbrocks_valley() -> None:
    valley = Problem(rosenbrock, np.array([-1.2, 1.0]), LBFGSConfig())
    assert valley.run(40) < 1e-20
    assert valley.evaluations < 120
    np.testing.assert_allclose(valley.span.value, 1, atol=1e-9)


def test_curvatures_that_differ_a_hundred_thousand_times_do_not_matter() -> None:
    bowl = Problem(quadratic, np.ones(8), LBFGSConfig())
    assert bowl.run(100) < 1e-12


@pytest.mark.parametrize("function", [rosenbrock, log_cosh, quadratic])
@pytest.mark.parametrize("rate", [1e-3, 1.0, 100.0])
def test_the_loss_falls_at_every_step_whatever_the_rate(function: Function, rate: float) -> None:
    problem = Problem(function, np.array([-1.2, 1.0]), LBFGSConfig())
    loss = function(problem.span.value)[0]
    for _ in range(10):
        after = problem.run(1, rate)
        assert after < loss or after < 1e-25
        loss = after


def test_every_step_satisfies_the_strong_wolfe_conditions() -> None:
    problem = Problem(rosenbrock, np.array([-1.2, 1.0]), LBFGSConfig())
    for _ in range(20):
        before = problem.span.value.copy()
        loss, gradient = rosenbrock(before)
        after = problem.run(1)
        moved = problem.span.value - before
        slope = float(gradient @ moved)
        assert after <= loss + 1e-4 * slope
        assert abs(float(rosenbrock(problem.span.value)[1] @ moved)) <= 0.9 * abs(slope)


def test_a_loss_that_is_no_number_is_stepped_back_from() -> None:
    problem = Problem(cliff, np.array([-3.0, 0.5]), LBFGSConfig())
    problem.run(30, rate=1000.0)
    np.testing.assert_allclose(problem.span.value, 0.75, rtol=1e-7)


def test_evaluations_are_limited_and_the_best_length_is_kept() -> None:
    problem = Problem(rosenbrock, np.array([-1.2, 1.0]), LBFGSConfig(max_evaluations=1))
    before = rosenbrock(problem.span.value)[0]
    assert problem.run(1, rate=100.0) <= before
    assert problem.evaluations == 2


def test_at_the_minimum_it_stays() -> None:
    problem = Problem(quadratic, np.zeros(3), LBFGSConfig())
    problem.run(3)
    assert problem.span.value.tolist() == [0, 0, 0]


def test_a_direction_that_leads_nowhere_clears_the_memory() -> None:
    uphill = Problem(lambda w: (float(-(w @ w)), 2 * w), np.ones(2), LBFGSConfig())
    uphill.run(2)  # the gradient is not that of the loss: no length is good
    assert uphill.span.value.tolist() == [1, 1]


WHOLE = (
    "dtype=float64",
    "layers.2.rate=0",
    'optimizer={type="lbfgs"}',
    "training.batch_size=full",
)


def test_trains_a_network_with_penalties_faster_than_gradient_descent() -> None:
    descent = ('optimizer={type="sgd", learning_rate=0.1}', "training.epochs=20")
    fast = train(small_spec(*WHOLE, "training.epochs=20")).history
    slow = train(small_spec(*WHOLE, *descent)).history
    losses = [epoch.train["loss"] for epoch in fast]
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < slow[-1].train["loss"] / 2


def test_a_group_with_another_rate_is_refused() -> None:
    group = 'optimizer.groups=[{parameters=["dense_1.*"], rate=0.5}]'
    assert problems(*WHOLE, group) == [
        "optimizer.groups.0.rate: expected 0 or 1, found 0.5 "
        "(lbfgs changes all parameters at once, at one rate)"
    ]


def test_a_group_may_be_frozen() -> None:
    frozen = 'optimizer.groups=[{parameters=["dense_1.*"], rate=0}]'
    result = train(small_spec(*WHOLE, frozen))
    assert result.history[-1].train["loss"] < result.history[0].train["loss"]


@pytest.mark.parametrize("option", [{"history": 0}, {"max_evaluations": 0}, {"learning_rate": 0.0}])
def test_refuses_options_out_of_range(option: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match=next(iter(option))):
        LBFGSConfig.model_validate(option)
